import { spanInWords } from '../../jobs/words.ts';

/** How long jobs of a plan may take, in words: “about 12 minutes on 2 pods”. */
export interface Estimate {
  ms: number;
  sentence: string;
}

/**
 * @param durationsMs run times of recent jobs; without any, nothing is said
 * @param pods that take work now
 */
export function estimateOf(jobs: number, durationsMs: readonly number[], pods: number): Estimate | undefined {
  const known = durationsMs.filter((ms) => Number.isFinite(ms) && ms > 0);
  if (known.length === 0 || pods < 1 || jobs < 1) return undefined;
  const mean = known.reduce((sum, ms) => sum + ms, 0) / known.length;
  // The last round keeps only some of the pods busy, but lasts as long.
  const ms = mean * Math.ceil(jobs / pods);
  return { ms, sentence: `about ${longSpan(ms)} on ${pods} ${pods === 1 ? 'pod' : 'pods'}` };
}

const HOUR_MS = 3_600_000;

function longSpan(ms: number): string {
  if (ms < 2 * HOUR_MS) return spanInWords(ms);
  const hours = Math.round(ms / HOUR_MS);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

/** The run times of jobs that a list tells of, in ms. */
export function durationsOf(
  jobs: readonly { startedAt?: string | undefined; endedAt?: string | undefined }[],
): number[] {
  return jobs.flatMap(({ startedAt, endedAt }) => {
    const ms = startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : Number.NaN;
    return ms > 0 ? [ms] : [];
  });
}
