'use client';
import { useState, type ReactNode } from 'react';
import { ApiError, createApiClient } from '../../lib/api-client.ts';
import { templates } from '../../lib/workflow/templates.ts';
import { Button } from '../ui/button.tsx';

/** Submits the sample in one click; the live list shows the row. */
export function SubmitButton({ children }: { children: ReactNode }) {
  const [problem, setProblem] = useState('');
  async function run() {
    const [sample] = templates(Math.floor(Math.random() * 2 ** 32));
    try {
      await createApiClient({ baseUrl: '' }).submit(
        { workflow: sample.prompt, name: sample.name },
        crypto.randomUUID(),
      );
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : 'The request did not reach Podium.');
    }
  }
  return (
    <>
      <Button tone="primary" onClick={run}>
        {children}
      </Button>
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
    </>
  );
}
