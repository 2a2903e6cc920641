'use client';
import { useEffect, useRef, useState } from 'react';
import type { Upload } from '../../lib/protocol/uploads.ts';
import { browserApi, failureLines } from '../hooks/browser-api.ts';
import type { FileProgress } from './send-file.ts';

export type UploadState =
  | { kind: 'idle' }
  | { kind: 'busy'; name: string; progress: FileProgress | undefined }
  | { kind: 'failed'; message: string; again?: () => void };

/**
 * One upload at a time for one input; leaving the page stops it. `onDone` takes each that is whole, or says why not.
 */
export function useUpload(onDone: (upload: Upload) => string | undefined) {
  const [state, setState] = useState<UploadState>({ kind: 'idle' });
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  /** `again`: what repeats it where it fails. */
  async function run(name: string, again: () => void, work: (stopped: AbortSignal) => Promise<Upload>): Promise<void> {
    stop.current?.abort();
    const stopping = new AbortController();
    stop.current = stopping;
    setState({ kind: 'busy', name, progress: undefined });
    try {
      const upload = await work(stopping.signal);
      if (stopping.signal.aborted) return;
      const refusal = onDone(upload);
      setState(refusal === undefined ? { kind: 'idle' } : { kind: 'failed', message: refusal });
    } catch (error) {
      if (!stopping.signal.aborted) setState({ kind: 'failed', message: failureLines(error).join(' '), again });
    }
  }

  function sendFile(file: File): void {
    void run(
      file.name,
      () => sendFile(file),
      async (stopped) => {
        const [{ sendFile: send }, { putBytes }, api] = await Promise.all([
          import('./send-file.ts'),
          import('./put-bytes.ts'),
          browserApi(),
        ]);
        const deps = { status: api.upload, put: putBytes, pause };
        const onProgress = (progress: FileProgress) => {
          if (!stopped.aborted) setState({ kind: 'busy', name: file.name, progress });
        };
        return send(file, deps, onProgress, stopped);
      },
    );
  }

  function takeOutput(jobId: string, index: number, name: string): void {
    const again = () => takeOutput(jobId, index, name);
    void run(name, again, async () => (await browserApi()).uploadFromOutput(jobId, index));
  }

  return {
    state,
    sendFile,
    takeOutput,
    refuse: (message: string) => setState({ kind: 'failed', message }),
    cancel: () => {
      stop.current?.abort();
      setState({ kind: 'idle' });
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
