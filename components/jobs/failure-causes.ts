import type { FailureGroup, FailureList } from '../../lib/protocol/jobs.ts';

/** The cookie that keeps which causes a browser dismissed. */
export const DISMISSED_COOKIE = 'podium-dismissed-failures';
/** By key, milliseconds of the epoch of the newest job that a cause had when it was dismissed. */
export type DismissedCauses = ReadonlyMap<string, number>;

/** A cookie stays small, since every request carries it. */
const MOST_DISMISSED = 30;

/** Reads what a browser kept, `key@time.key@time…`; what cannot be read is nothing. */
export function readDismissed(text: string): DismissedCauses {
  const parts = text.split('.').map((part) => /^([\w-]{1,64})@([0-9a-z]{1,10})$/.exec(part));
  return new Map(parts.flatMap((part) => (part?.[1] && part[2] ? [[part[1], Number.parseInt(part[2], 36)]] : [])));
}

/** With one more cause, as it is kept; of too many, those dismissed longest ago are forgotten. */
export function withDismissed(held: DismissedCauses, group: Pick<FailureGroup, 'key' | 'newestAt'>): string {
  const others = [...held].filter(([key]) => key !== group.key);
  const all: [string, number][] = [...others, [group.key, Date.parse(group.newestAt)]];
  return all
    .slice(-MOST_DISMISSED)
    .map(([key, atMs]) => `${key}@${atMs.toString(36)}`)
    .join('.');
}

/** Groups worth a person's look: more than one job, and a newer one than when they were dismissed. */
export function causesToTell(list: FailureList | null, dismissed: DismissedCauses): FailureGroup[] {
  return (list?.groups ?? []).filter(({ key, count, newestAt }) => {
    const seenMs = dismissed.get(key);
    return count > 1 && (seenMs === undefined || Date.parse(newestAt) > seenMs);
  });
}

/** `17 jobs: model “x.safetensors” is missing on every pod.` */
export function causeHeadline({ count, sentence }: Pick<FailureGroup, 'count' | 'sentence'>): string {
  return `${jobsText(count)}: ${withinSentence(sentence)}`;
}

const PLACES: Record<FailureGroup['blame'], string> = {
  workflow: 'in the workflow',
  pod: 'in the pod',
  network: 'in the network',
  podium: 'in Podium itself',
  operator: 'in how Podium or its pods are set up',
};

/** Whose fault it was, in a sentence. What Podium does not know it blames on nobody. */
export function blameSentence({ code, blame }: Pick<FailureGroup, 'code' | 'blame'>): string {
  return code === 'unknown_failure' ? 'The cause is not known.' : `The cause lies ${PLACES[blame]}.`;
}

/** What came of the wish to retry `count` jobs of a cause. */
export function retriedSentence(retried: number, count: number): string {
  if (retried === 0) return 'None of them could be retried: they are no longer failed.';
  const told = `${jobsText(retried)} ${retried === 1 ? 'is' : 'are'} tried again.`;
  return retried < count ? `${told} The others were no longer failed.` : told;
}

export function jobsText(count: number): string {
  return count === 1 ? '1 job' : `${count} jobs`;
}

/** A sentence as it goes on after a colon: names keep their capital. */
function withinSentence(sentence: string): string {
  const isName = /^(ComfyUI|Podium)\b|^.[\p{Lu}\d_]/u.test(sentence);
  return isName ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
