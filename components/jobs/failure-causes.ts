import type { FailureGroup, FailureList } from '../../lib/protocol/jobs.ts';

/** Causes that a browser dismissed: by key, the time of the newest job they then had. */
export type DismissedCauses = Readonly<Record<string, string>>;

const MOST_DISMISSED = 100;

/** Reads what a browser kept; what cannot be read is nothing. */
export function readDismissed(text: string): DismissedCauses {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof given !== 'object' || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** With one more cause; of too many, those dismissed longest ago are forgotten. */
export function withDismissed(held: DismissedCauses, group: Pick<FailureGroup, 'key' | 'newestAt'>): DismissedCauses {
  const others = Object.entries(held).filter(([key]) => key !== group.key);
  return Object.fromEntries([...others, [group.key, group.newestAt]].slice(-MOST_DISMISSED));
}

/** Groups worth a person's look: more than one job, and a newer one than when they were dismissed. */
export function causesToTell(list: FailureList | null, dismissed: DismissedCauses): FailureGroup[] {
  return (list?.groups ?? []).filter(({ key, count, newestAt }) => {
    const seen = dismissed[key];
    return count > 1 && (seen === undefined || newestAt > seen);
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
