import type { Decision, JobFacts, PolicySettings, SeenFailure } from './decision.ts';
import { pauseMs } from './backoff.ts';
import { sentences } from './sentences.ts';

/**
 * What may pass by itself is tried again after a pause that grows. It always uses up a retry: where a pod never answered,
 * the job goes back to its queue and does not come here.
 */
export function tryLater(job: JobFacts, seen: SeenFailure, settings: PolicySettings, random: () => number): Decision {
  const { error, retryAfterMs } = seen;
  const { maxRetries, backoffBaseMs } = settings;
  if (job.retriesUsed >= maxRetries) return { kind: 'give_up', error };
  return {
    kind: 'again',
    delayMs: pauseMs(job.retriesUsed, backoffBaseMs, random, retryAfterMs),
    charged: true,
    exclude: [],
    plan: sentences(error.message, `Podium tries it again (retry ${job.retriesUsed + 1} of ${maxRetries})`),
  };
}
