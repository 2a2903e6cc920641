'use client';
import { FileQuestionMark } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Upload } from '../../lib/protocol/uploads.ts';
import { sizeInWords } from '../../lib/jobs/words.ts';
import { browserApi } from '../hooks/browser-api.ts';
import { kindByName } from './accepts.ts';

/** What is known of an upload here: undefined until that was asked, null where it is not here. */
function useKnown(hash: string): Upload | null | undefined {
  const [known, setKnown] = useState<{ hash: string; upload: Upload | null }>();
  useEffect(() => {
    let left = false;
    browserApi()
      .then((api) => api.upload(hash))
      .then(
        ({ upload }) => !left && setKnown({ hash, upload: upload ?? null }),
        () => undefined,
      );
    return () => {
      left = true;
    };
  }, [hash]);
  return known?.hash === hash ? known.upload : undefined;
}

/** An uploaded file as its kind is looked at, with its name and size. `name`: what a prompt names it by. */
export function UploadPreview({ hash, name, label }: { hash: string; name: string; label: string }) {
  const known = useKnown(hash);
  const src = `/api/uploads/${hash}/file`;
  if (known === null)
    return (
      <p role="alert" className="flex items-start gap-2 text-bad">
        <FileQuestionMark size={16} aria-hidden className="mt-0.5 shrink-0" />
        The uploaded file is no longer here: choose it again.
      </p>
    );
  return (
    <div className="grid justify-items-start gap-1">
      <Shown kind={kindByName(name)} src={src} label={label} />
      <p className="max-w-full truncate text-xs text-muted">
        {known ? `${known.name} · ${sizeInWords(known.bytes)}` : ' '}
      </p>
    </div>
  );
}

function Shown({ kind, src, label }: { kind: ReturnType<typeof kindByName>; src: string; label: string }) {
  switch (kind) {
    case 'image':
      return <img className="max-h-40 max-w-full rounded-md bg-raised object-contain" src={src} alt={label} />;
    case 'video':
      return <video className="max-h-40 max-w-full rounded-md bg-raised" src={src} controls muted aria-label={label} />;
    case 'audio':
      return <audio className="w-full" src={src} controls aria-label={label} />;
    case 'any':
      return null;
  }
}
