import type { JobAttempt } from '../../lib/jobs/job.ts';
import { durationText } from '../time/time-text.ts';
import type { MarkKind, StoryStep, WaitCause } from './story-steps.ts';

export type NameOf = (podId: string) => string;

export const OUTCOME_WORDS: Record<NonNullable<JobAttempt['outcome']>, string> = {
  succeeded: 'succeeded',
  failed: 'failed',
  rejected: 'was refused by the pod',
  refused: 'was not taken by the pod',
  cancelled: 'was cancelled',
  pod_died: 'was lost with the pod',
  lost: 'was lost',
};

export const MARK_WORDS: Record<MarkKind, string> = {
  checked: 'pod checked',
  freed: 'memory freed',
  left_out: 'pods left out',
  moved: 'free for another pod',
  unsure: 'not certain that the pod has it',
  followed: 'followed again',
  warning: 'worth knowing',
};

const WAITS: Record<WaitCause, { over: string; open: string }> = {
  room: { over: 'Waited for a pod', open: 'Waits for a pod' },
  retry: { over: 'Waited to try again', open: 'Waits to try again' },
  rework: { over: 'Waited to run again', open: 'Waits to run again' },
  asked: { over: 'Retry asked for, waited', open: 'Retry asked for, waits' },
  rest: { over: 'Had ended, until a retry', open: 'Has ended' },
};

/** A step of the story in words: what it was, then how it went. */
export function stepWords(step: StoryStep, nameOf: NameOf): { title: string; more: string } {
  const took = durationText(step.endMs - step.startMs);
  if (step.kind === 'many') return { title: `${step.attempts} earlier attempts`, more: `in ${took}` };
  const tail = [...gapWords(step), ...markWords(step)];
  if (step.kind === 'wait') {
    const title = WAITS[step.cause][step.open ? 'open' : 'over'];
    return {
      title,
      more: [took, ...(step.reason === undefined ? [] : [step.reason.replace(/\.$/, '')]), ...tail].join(' · '),
    };
  }
  const { attempt, movedFrom } = step;
  const end = attempt.outcome ? `${OUTCOME_WORDS[attempt.outcome]} after ${took}` : `on the pod for ${took}`;
  const moved = movedFrom === undefined ? [] : [`moved from ${nameOf(movedFrom)}`];
  return {
    title: `Attempt ${attempt.number} on ${nameOf(attempt.podId)}`,
    more: [...moved, end, ...tail].join(' · '),
  };
}

/** A silence is told when it has already lasted long, so that its length is not known from here. */
function gapWords({ gaps }: StoryStep): string[] {
  const cut = gaps.filter((gap) => gap.kind === 'socket');
  const cutMs = cut.reduce((sum, gap) => sum + gap.endMs - gap.startMs, 0);
  return [
    ...(cut.length > 0 ? [`without live connection for ${durationText(cutMs)}`] : []),
    ...(gaps.length > cut.length ? ['no sign of life'] : []),
  ];
}

function markWords(step: StoryStep): string[] {
  const counts = new Map<MarkKind, number>();
  for (const { kind } of step.marks) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => (count > 1 ? `${MARK_WORDS[kind]} ${count} times` : MARK_WORDS[kind]));
}

/** `a`, `a and b`, `a, b and c`. */
export function enumeration(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
