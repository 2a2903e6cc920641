import { Box, Download, File, FileText } from 'lucide-react';
import type { JobOutputView } from '../../lib/protocol/jobs.ts';

/** One result as it can be shown; what cannot be shown is a download. `onOpen` shows a picture large. */
export function OutputTile({ output, onOpen }: { output: JobOutputView; onOpen: () => void }) {
  return (
    <figure className="min-w-0 overflow-hidden rounded-lg border bg-surface">
      <Content output={output} onOpen={onOpen} />
      <figcaption className="flex items-center justify-between gap-2 border-t px-3 py-1.5 text-xs">
        <span className="min-w-0 truncate">
          <span className="font-medium">{output.nodeName}</span> <span className="text-muted">{facts(output)}</span>
        </span>
        <a
          className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-raised hover:text-ink max-sm:size-10"
          href={`${output.url}?download`}
          download={output.filename}
          aria-label={`Download ${output.filename}`}
        >
          <Download size={15} aria-hidden />
        </a>
      </figcaption>
    </figure>
  );
}

function Content({ output, onOpen }: { output: JobOutputView; onOpen: () => void }) {
  switch (output.kind) {
    case 'image':
      return (
        <button type="button" className="block w-full cursor-zoom-in bg-raised" onClick={onOpen}>
          <img
            className="mx-auto max-h-[32rem] w-auto max-w-full"
            src={output.url}
            alt={`Enlarge ${output.filename}`}
            width={output.width}
            height={output.height}
          />
        </button>
      );
    case 'video':
      return (
        <video className="max-h-[32rem] w-full bg-raised" controls src={output.url} aria-label={output.filename} />
      );
    case 'audio':
      return <audio className="w-full p-3" controls src={output.url} aria-label={output.filename} />;
    case 'text':
      return (
        <pre
          tabIndex={0}
          aria-label={output.filename}
          className="max-h-80 overflow-auto p-3 font-mono text-xs whitespace-pre-wrap"
        >
          {output.text ?? 'Too long to show here: download it.'}
        </pre>
      );
    case 'model':
    case 'file':
      return (
        <div className="flex items-center gap-3 p-4">
          {output.kind === 'model' ? <Box size={20} aria-hidden /> : <Icon type={output.contentType} />}
          <span className="min-w-0 break-words">{output.filename}</span>
        </div>
      );
  }
}

function Icon({ type }: { type: string }) {
  return type.startsWith('text/') ? <FileText size={20} aria-hidden /> : <File size={20} aria-hidden />;
}

const KB = 1024;
/** Bytes as people read them. */
export function sizeText(bytes: number): string {
  if (bytes < KB) return `${bytes} B`;
  if (bytes < KB ** 2) return `${Math.round(bytes / KB)} KB`;
  if (bytes < KB ** 3) return `${(bytes / KB ** 2).toFixed(1)} MB`;
  return `${(bytes / KB ** 3).toFixed(1)} GB`;
}

function facts(output: JobOutputView): string {
  const size = output.width && output.height ? `${output.width} × ${output.height} · ` : '';
  return `${size}${sizeText(output.bytes)}`;
}
