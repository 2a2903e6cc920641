import type { RecoveredJob, Recovery, RecoveryAction } from './recovery.ts';
import { namedJobs, type RecoveryView } from './recovery-view.ts';
import { capital } from './words.ts';

/** More names than these are only counted. */
const MOST_NAMES = 3;

/** `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`. */
export function listedNames(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES);
  if (names.length > MOST_NAMES) return `${shown.join(', ')} and ${names.length - MOST_NAMES} more`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** Why jobs were looked for, as a sentence without its stop. `nameOf` gives a pod's id its name. */
export function recoveryReason(recovery: Pick<Recovery, 'reason' | 'podIds'>, nameOf: (id: string) => string): string {
  const pods = recovery.podIds.length === 0 ? 'pods' : listedNames(recovery.podIds.map(nameOf));
  switch (recovery.reason) {
    case 'start':
      return 'Podium started';
    case 'takeover':
      return `Took ${pods} over from an instance that went away`;
    case 'handover':
      return `Took ${pods} over from an instance that gave ${recovery.podIds.length === 1 ? 'it' : 'them'} up`;
    case 'reconnect':
      return `${pods} could be reached again`;
    case 'store_return':
      return 'Redis came back and the last moments were missing';
  }
}

/** The sentence that tells of a recovery where nobody asked: what stands before how long ago it was, and after it. */
export function recoveryNews(
  recovery: Pick<Recovery, 'reason' | 'podIds' | 'found'>,
  nameOf: (id: string) => string,
): { before: string; after: string } {
  const pods = recovery.podIds.length === 0 ? 'Pods' : listedNames(recovery.podIds.map(nameOf));
  const taken = ` and ${jobsText(recovery.found)} ${recovery.found === 1 ? 'was' : 'were'} taken up.`;
  switch (recovery.reason) {
    case 'start':
      return { before: 'Podium restarted', after: ` and took up ${jobsText(recovery.found)}.` };
    case 'takeover':
    case 'handover':
      return { before: `${pods} moved to another instance`, after: taken };
    case 'reconnect':
      return { before: `${pods} could be reached again`, after: taken };
    case 'store_return':
      return { before: 'Redis came back', after: taken };
  }
}

/** What was found and what became of it, in a sentence. */
export function recoveryFound(view: Pick<RecoveryView, 'found' | 'endedAt' | 'counts' | 'unanswered'>): string {
  const { found, endedAt, counts } = view;
  if (found === 0 && endedAt === undefined) return 'Looking at the pods.';
  if (found === 0)
    return view.unanswered.length === 0 ? 'Nothing was in flight.' : 'Nothing is known to have been in flight.';
  const parts = ORDER.flatMap((action) => {
    const count = counts[action] ?? 0;
    return count === 0 ? [] : [COUNTED[action](count)];
  });
  const unnamed = found - namedJobs(counts);
  if (unnamed > 0 && endedAt !== undefined) parts.push(`${unnamed} not named here`);
  const became = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return `${capital(jobsText(found))} ${found === 1 ? 'was' : 'were'} in flight${became}.`;
}

/** What was done with a job, as a sentence without its stop. `pod` is the pod's name. */
export function recoveredOutcome({ action, percent }: Pick<RecoveredJob, 'action' | 'percent'>, pod: string): string {
  switch (action) {
    case 'reattached':
      return percent === undefined ? 'Followed again' : `Followed again at ${Math.floor(percent)} %`;
    case 'adopted':
      return `Its result was already on ${pod}`;
    case 'orphan':
      return `Taken in from ${pod}, which alone knew it`;
    case 'looking':
      return `${pod} is asked whether it has it`;
    case 'resubmitted':
      return `${pod} never got it, so it was sent`;
    case 'rework':
      return `Runs again because ${pod} died with it`;
    case 'stale':
      return 'Ended as too old to be followed';
    case 'ended':
      return 'Its attempt ended';
  }
}

/** Which pods could not be asked, and what happens with their jobs; empty where all answered. */
export function unansweredSentence(names: readonly string[]): string {
  if (names.length === 0) return '';
  return names.length === 1
    ? `${listedNames(names)} did not answer; its jobs are looked for when it does.`
    : `${listedNames(names)} did not answer; their jobs are looked for when they do.`;
}

/** From what goes well to what does not. */
const ORDER: readonly RecoveryAction[] = [
  'reattached',
  'adopted',
  'orphan',
  'resubmitted',
  'rework',
  'looking',
  'stale',
  'ended',
];
const COUNTED: Record<RecoveryAction, (count: number) => string> = {
  reattached: (count) => `${count} followed again`,
  adopted: (count) => `${count} had ended already`,
  orphan: (count) => `${count} taken in from ${count === 1 ? 'its pod' : 'pods'}`,
  resubmitted: (count) => `${count} sent`,
  rework: (count) => `${count} ${count === 1 ? 'runs' : 'run'} again`,
  looking: (count) => `${count} still asked about`,
  stale: (count) => `${count} too old to follow`,
  ended: (count) => `${count} ended meanwhile`,
};

function jobsText(count: number): string {
  return count === 1 ? 'one job' : `${count} jobs`;
}
