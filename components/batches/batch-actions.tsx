'use client';
import { CircleStop, RotateCcw, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { BatchView } from '../../lib/protocol/batches.ts';
import { browserApi, failureLines } from '../hooks/browser-api.ts';
import { Button, type ButtonLook } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { batchParts, jobsText } from './batch-words.ts';

type Verb = 'cancel' | 'retry';

/** Cancels the rest of a batch, or retries what failed of it; how many jobs that is, is said before it is done. */
export function BatchActions({
  batch,
  onAnswer,
  size = 'normal',
}: Pick<ButtonLook, 'size'> & { batch: BatchView; onAnswer: (batch: BatchView) => void }) {
  const [asking, setAsking] = useState<Verb>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [said, setSaid] = useState('');
  const count = (...ids: string[]) =>
    batchParts(batch).reduce((sum, part) => sum + (ids.includes(part.id) ? part.count : 0), 0);
  const [active, failed] = [count('running', 'waiting'), count('failed')];
  async function act(verb: Verb) {
    setBusy(true);
    setProblem('');
    try {
      const answer = await (await browserApi()).changeBatch(batch.id, verb);
      setSaid(`${jobsText(answer.changed)} ${verb === 'cancel' ? 'cancelled' : 'queued again'}.`);
      onAnswer(answer.batch);
    } catch (error) {
      setProblem(failureLines(error).join(' '));
    }
    setAsking(undefined);
    setBusy(false);
  }
  const small = size === 'small';
  const button = (verb: Verb, jobs: number, word: string, yes: string, Icon: LucideIcon) =>
    jobs > 0 &&
    (asking === undefined || asking === verb) && (
      <Button
        size={size}
        tone={asking === verb ? 'primary' : 'plain'}
        data-action={verb}
        disabled={busy}
        aria-label={asking === verb ? undefined : `${word} of ${batch.name}`}
        // Neither the second press of a double click nor a key held down answers the question that the first one asked.
        onKeyDown={(event) => event.repeat && event.preventDefault()}
        onClick={({ detail }) => (asking === verb ? detail < 2 && void act(verb) : setAsking(verb))}
      >
        <Icon size={15} aria-hidden />{' '}
        {asking === verb ? `${yes} ${jobsText(jobs)}` : small ? word.split(' ')[0] : word}
      </Button>
    );
  return (
    <>
      {button('retry', failed, 'Retry failed', 'Yes, retry', RotateCcw)}
      {button('cancel', active, 'Cancel rest', 'Yes, cancel', CircleStop)}
      {asking && (
        <Button size={size} tone="quiet" disabled={busy} onClick={() => setAsking(undefined)}>
          No
        </Button>
      )}
      <span role="status" className="sr-only">
        {said}
      </span>
      <Problem text={problem} className="w-full text-xs" />
    </>
  );
}
