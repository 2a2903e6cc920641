import type { JobErrorCode } from '../../lib/jobs/failure-rules.ts';
import { PodCallError, type ProbeFailure, type ProbeResult } from '../jobs/pod-client.ts';
import { systemStatsSchema } from './answer-schemas.ts';
import { jsonOf, retryAfterMs } from './answer.ts';
import { classifyFailure } from './classify.ts';
import type { PodHttp } from './pod-http.ts';
import { MAX_BYTES, type PodTiming } from './timing.ts';

/** Asks a pod who it is, and says what stands in its place where it is not there (§6 of the protocol). Never rejects. */
export async function probePod(
  http: PodHttp,
  shown: string,
  timing: PodTiming,
  now: () => number,
): Promise<ProbeResult> {
  const answer = await http
    .call({ path: '/system_stats', maxBytes: MAX_BYTES.small, withinMs: timing.probeMs, probe: true })
    .catch((error: unknown) => (error instanceof PodCallError ? error : Promise.reject(error)));
  if (answer instanceof PodCallError) {
    const kind = answer.kind === 'unreachable' ? 'unreachable' : 'not_comfyui';
    return { ok: false, kind, reason: answer.message };
  }
  const stats = systemStatsSchema.safeParse(answer.status === 200 ? jsonOf(answer) : undefined);
  if (stats.success) return { ok: true, stats: stats.data };
  const { code, message: reason } = classifyFailure({ kind: 'answer', answer, shown });
  const pause = retryAfterMs(answer, now());
  return { ok: false, kind: kindOf(code), reason, ...(pause !== undefined && { retryAfterMs: pause }) };
}

/** What stands in a pod's place, by what its answer came to. */
function kindOf(code: JobErrorCode): ProbeFailure['kind'] {
  switch (code) {
    case 'pod_unauthorized':
      return 'unauthorized';
    case 'pod_unreachable':
    case 'pod_busy':
    case 'pod_disk_full':
      return 'booting';
    default:
      return 'not_comfyui';
  }
}
