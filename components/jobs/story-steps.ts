import type { JobAttempt, TimelineEvent, TimelineKind } from '../../lib/jobs/job.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';

/** Why nothing ran: for want of room, before a retry, because the pod died, since a person asked, or because it had ended. */
export type WaitCause = 'room' | 'retry' | 'rework' | 'asked' | 'rest';

/** What is marked on the axis at one moment. */
export type MarkKind = 'checked' | 'freed' | 'left_out' | 'moved' | 'unsure' | 'followed' | 'warning';
export interface StoryMark {
  kind: MarkKind;
  atMs: number;
}
/** A stretch of an attempt without its live connection, or without a sign of life. */
export interface StoryGap {
  kind: 'socket' | 'silence';
  startMs: number;
  endMs: number;
}

interface Stretch {
  /** Milliseconds of the epoch. */
  startMs: number;
  endMs: number;
  /** It goes on. */
  open: boolean;
  marks: StoryMark[];
  gaps: StoryGap[];
}
export type StoryStep = Stretch &
  (
    | { kind: 'wait'; cause: WaitCause; reason?: string }
    | { kind: 'attempt'; attempt: JobAttempt; movedFrom?: string }
    /** The earlier ones of many. */
    | { kind: 'many'; attempts: number }
  );

export type StoryJob = Pick<JobDetail, 'createdAt' | 'timeline' | 'attempts' | 'endedAt'>;

/** More steps than this are not drawn one by one. */
export const MAX_STORY_STEPS = 16;
/** Waits shorter than this are none a person needs to know of. */
const SHORT_WAIT_MS = 100;

const MARKS: Partial<Record<TimelineKind, MarkKind>> = {
  health_checked: 'checked',
  memory_freed: 'freed',
  pod_excluded: 'left_out',
  unpinned: 'moved',
  not_sent: 'unsure',
  uncertain: 'unsure',
  resubmitting: 'unsure',
  reattached: 'followed',
  adopted: 'followed',
  warning: 'warning',
};
const CAUSES: Partial<Record<TimelineKind, WaitCause>> = {
  accepted: 'room',
  retry_wait: 'retry',
  rework: 'rework',
  retry_requested: 'asked',
  failed: 'rest',
  cancelled: 'rest',
};

/**
 * A job's time as attempts and the waits between them, oldest first, without a hole longer than a short wait.
 * `nowMs`: milliseconds of the epoch, the end of what goes on.
 */
export function storySteps(job: StoryJob, nowMs: number): StoryStep[] {
  const events = job.timeline.map((event) => ({ ...event, atMs: Date.parse(event.at) }));
  const firstMs = Date.parse(job.createdAt);
  const ended = job.endedAt === undefined ? undefined : Date.parse(job.endedAt);
  const lastMs = Math.max(ended ?? nowMs, events.at(-1)?.atMs ?? firstMs, firstMs);
  const steps: StoryStep[] = [];
  let cursor = firstMs;
  for (const [index, attempt] of job.attempts.entries()) {
    const startMs = Math.max(cursor, Date.parse(attempt.startedAt));
    steps.push(...waits(events, cursor, startMs, false));
    cursor = Math.max(startMs, attempt.endedAt === undefined ? lastMs : Date.parse(attempt.endedAt));
    const open = attempt.endedAt === undefined && ended === undefined;
    const before = job.attempts[index - 1]?.podId;
    const movedFrom = before !== undefined && before !== attempt.podId ? { movedFrom: before } : {};
    steps.push({ kind: 'attempt', attempt, ...movedFrom, startMs, endMs: cursor, open, marks: [], gaps: [] });
  }
  const waiting = ended === undefined && job.attempts.at(-1)?.endedAt !== undefined;
  const open = waiting || (ended === undefined && job.attempts.length === 0);
  if (open || cursor < lastMs) steps.push(...waits(events, cursor, lastMs, open));
  const told = withMarks(steps, events);
  return told.length > MAX_STORY_STEPS ? merged(told) : told;
}

type TimedEvent = TimelineEvent & { atMs: number };

/** The stretch between two attempts, parted where its reason changes. */
function waits(events: TimedEvent[], fromMs: number, toMs: number, open: boolean): StoryStep[] {
  const parts: { startMs: number; cause: WaitCause; reason?: string | undefined }[] = [
    { startMs: fromMs, cause: 'room' },
  ];
  for (const event of events) {
    const cause = CAUSES[event.kind];
    if (!cause || event.atMs < fromMs || event.atMs > toMs) continue;
    if (cause === 'rest' && event.atMs === toMs && !open) continue;
    const part = { startMs: event.atMs, cause, ...(cause !== 'rest' && { reason: event.detail }) };
    if (parts.at(-1)?.startMs === event.atMs) parts.pop();
    parts.push(part);
  }
  return parts.flatMap(({ startMs, cause, reason }, index): StoryStep[] => {
    const endMs = parts[index + 1]?.startMs ?? toMs;
    const isLast = index === parts.length - 1;
    if (endMs - startMs < SHORT_WAIT_MS && !(open && isLast)) return [];
    const why = reason === undefined ? {} : { reason };
    return [{ kind: 'wait', cause, ...why, startMs, endMs, open: open && isLast, marks: [], gaps: [] }];
  });
}

function withMarks(steps: StoryStep[], events: TimedEvent[]): StoryStep[] {
  const marks = new Map<StoryStep, StoryMark[]>();
  const gaps = new Map<StoryStep, StoryGap[]>();
  for (const [index, event] of events.entries()) {
    const step = steps.find((one) => event.atMs < one.endMs || one.open) ?? steps.at(-1);
    if (!step) break;
    const kind = MARKS[event.kind];
    const atMs = Math.min(Math.max(event.atMs, step.startMs), step.endMs);
    if (kind) marks.set(step, [...(marks.get(step) ?? []), { kind, atMs }]);
    const gap = gapAt(events, index, step);
    if (gap) gaps.set(step, [...(gaps.get(step) ?? []), gap]);
  }
  return steps.map((step) => ({ ...step, marks: marks.get(step) ?? [], gaps: gaps.get(step) ?? [] }));
}

function gapAt(events: TimedEvent[], index: number, step: StoryStep): StoryGap | undefined {
  const event = events[index];
  if (!event || (event.kind !== 'socket_lost' && event.kind !== 'silent')) return undefined;
  const later = events.slice(index + 1);
  const over = event.kind === 'silent' ? later[0] : later.find((one) => one.kind === 'socket_back');
  const startMs = Math.min(Math.max(event.atMs, step.startMs), step.endMs);
  const endMs = Math.min(Math.max(over?.atMs ?? step.endMs, startMs), step.endMs);
  return { kind: event.kind === 'silent' ? 'silence' : 'socket', startMs, endMs };
}

/** The newest steps as they are, all before them as one. */
function merged(steps: StoryStep[]): StoryStep[] {
  const early = steps.slice(0, 1 - MAX_STORY_STEPS);
  const [first, last] = [early[0], early.at(-1)];
  if (!first || !last) return steps;
  const attempts = early.filter((step) => step.kind === 'attempt').length;
  return [
    { kind: 'many', attempts, startMs: first.startMs, endMs: last.endMs, open: false, marks: [], gaps: [] },
    ...steps.slice(1 - MAX_STORY_STEPS),
  ];
}
