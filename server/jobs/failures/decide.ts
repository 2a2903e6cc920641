import type { JobErrorCode } from '../../../lib/jobs/failure-rules.ts';
import { leaveBrokenGpu, reworkOrSetAside } from './broken-pods.ts';
import type { Decision, JobFacts, KnownPod, PolicySettings, SeenFailure } from './decision.ts';
import { moveElsewhere } from './elsewhere.ts';
import { findMemory } from './out-of-memory.ts';
import { tryLater } from './waiting.ts';

/** What can mend a failure. */
type Remedy = 'time' | 'memory' | 'another_pod' | 'another_gpu' | 'rework' | 'none';

/** Total over the codes: nothing is tried again because nobody thought about it. */
export function remedyOf(code: JobErrorCode): Remedy {
  switch (code) {
    case 'pod_unreachable':
    case 'pod_address_unknown':
    case 'pod_tls_failed':
    case 'submission_cut':
    case 'pod_busy':
    case 'pod_answer_invalid':
      return 'time';
    case 'pod_lost':
      return 'rework';
    case 'out_of_memory':
      return 'memory';
    case 'gpu_broken':
      return 'another_gpu';
    case 'model_missing':
    case 'model_damaged':
    case 'file_missing':
    case 'node_type_missing':
    case 'node_import_failed':
    case 'pod_disk_full':
    case 'prompt_too_large':
    case 'upload_refused':
    case 'upload_missing':
      return 'another_pod';
    case 'pod_unauthorized':
    case 'prompt_rejected':
    case 'inputs_mismatch':
    case 'partner_api_refused':
    case 'node_failed':
    case 'unknown_failure':
    case 'poison':
    case 'hung':
    case 'prompt_lost':
    case 'output_lost':
    case 'output_refused':
    case 'stale':
    case 'internal':
      return 'none';
  }
}

/**
 * What follows a failed attempt: a pure function of what is known. From one wish of a person to the next a job is given
 * to pods at most `1 + maxRetries + pods + poisonAfter + MAX_UNCOUNTED` times.
 */
export function decide(
  job: JobFacts,
  seen: SeenFailure,
  pods: readonly KnownPod[],
  settings: PolicySettings,
  random: () => number,
): Decision {
  switch (remedyOf(seen.error.code)) {
    case 'time':
      return tryLater(job, seen, settings, random);
    case 'memory':
      return findMemory(job, seen, pods, settings, random);
    case 'another_pod':
      return moveElsewhere(job, seen, pods, settings);
    case 'another_gpu':
      return leaveBrokenGpu(job, seen, pods, settings);
    case 'rework':
      return reworkOrSetAside(job, seen, pods, settings, random);
    case 'none':
      return { kind: 'give_up', error: seen.error };
  }
}
