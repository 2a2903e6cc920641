'use client';
import { sizeInWords } from '../../lib/jobs/words.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import type { FileProgress } from './send-file.ts';
import type { useUpload } from './use-upload.ts';

const PHASES: Readonly<Record<FileProgress['phase'], string>> = {
  reading: 'Reading',
  sending: 'Sending',
  waiting: 'The connection broke off; going on in a moment:',
};

/** How far an upload is, with a way to stop it; or why it failed, with a way to try again. Nothing where there is none. */
export function UploadProgress({ upload }: { upload: ReturnType<typeof useUpload> }) {
  const { state } = upload;
  if (state.kind === 'idle') return null;
  if (state.kind === 'failed')
    return (
      <div className="flex flex-wrap items-center gap-2">
        <Problem text={state.message} className="min-w-0 break-words" />
        {state.again && (
          <Button size="small" onClick={state.again}>
            Try again
          </Button>
        )}
      </div>
    );
  const { name, progress } = state;
  const percent = progress ? Math.floor((100 * progress.done) / progress.total) : 0;
  return (
    <div className="grid gap-1">
      <div className="flex items-center gap-2">
        <p className="min-w-0 flex-1 truncate text-xs text-muted">
          <span role="status">
            {progress ? PHASES[progress.phase] : 'Preparing'} {name}
          </span>
          {progress && ` · ${percent} % of ${sizeInWords(progress.total)}`}
        </p>
        <Button size="small" tone="quiet" onClick={upload.cancel}>
          Stop
        </Button>
      </div>
      <ProgressBar percent={percent} label={`Upload of ${name}`} />
    </div>
  );
}
