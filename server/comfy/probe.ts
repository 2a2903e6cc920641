import { PodCallError, type ProbeResult } from '../jobs/pod-client.ts';
import { systemStatsSchema } from './answer-schemas.ts';
import { isHtml, jsonOf, retryAfterMs } from './answer.ts';
import type { PodHttp } from './pod-http.ts';
import { MAX_BYTES, type PodTiming } from './timing.ts';

/** Asks a pod who it is, and says what stands in its place where it is not there (§6 of the protocol). Never rejects. */
export async function probePod(
  http: PodHttp,
  shown: string,
  timing: PodTiming,
  now: () => number,
): Promise<ProbeResult> {
  const at = `The pod at ${shown}`;
  const answer = await http
    .call({ path: '/system_stats', maxBytes: MAX_BYTES.small, withinMs: timing.probeMs, probe: true })
    .catch((error: unknown) => (error instanceof PodCallError ? error : Promise.reject(error)));
  if (answer instanceof PodCallError) {
    const kind = answer.kind === 'unreachable' ? 'unreachable' : 'not_comfyui';
    return { ok: false, kind, reason: answer.message };
  }
  const { status } = answer;
  const html = isHtml(answer);
  if (status === 401 || (status === 403 && !html))
    return { ok: false, kind: 'unauthorized', reason: `${at} refuses the credentials (${status}).` };
  const redirects = status >= 300 && status < 400;
  if (status >= 500 || status === 429 || (html && !redirects)) {
    const pause = retryAfterMs(answer, now());
    const reason = html && status < 300 ? `${at} answers with a web page.` : `${at} is not ready (${status}).`;
    return { ok: false, kind: 'booting', reason, ...(pause !== undefined && { retryAfterMs: pause }) };
  }
  const stats = systemStatsSchema.safeParse(status === 200 ? jsonOf(answer) : undefined);
  if (stats.success) return { ok: true, stats: stats.data };
  const what = redirects ? 'answers with a redirect, which is not followed' : 'is not ComfyUI';
  return { ok: false, kind: 'not_comfyui', reason: `${at} ${what} (${status}).` };
}
