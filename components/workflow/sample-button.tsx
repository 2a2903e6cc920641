'use client';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { templates, type TemplatePod } from '../../lib/workflow/templates.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { browserApi, failureLines, newIdempotencyKey } from '../hooks/browser-api.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';

/** Submits the first workflow that the pods can run in one click. */
export function SampleButton({ pods, onAnswer }: { pods: readonly TemplatePod[]; onAnswer: (job: JobDetail) => void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  async function run() {
    setBusy(true);
    setProblem('');
    const [sample] = templates(Math.floor(Math.random() * 2 ** 32), pods);
    try {
      const api = await browserApi();
      onAnswer(await api.submit({ workflow: sample.prompt, name: sample.name }, newIdempotencyKey()));
    } catch (error) {
      setProblem(failureLines(error).join(' '));
    }
    setBusy(false);
  }
  return (
    <>
      <Button tone="primary" disabled={busy} onClick={() => void run()}>
        <Play size={15} aria-hidden /> Run the sample
      </Button>
      <Problem text={problem} className="basis-full" />
    </>
  );
}
