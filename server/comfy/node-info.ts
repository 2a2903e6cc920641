import { createHash } from 'node:crypto';
import { PodCallError, type NodeInfo } from '../jobs/pod-client.ts';
import { jsonOf } from './answer.ts';
import type { PodHttp } from './pod-http.ts';
import { asThere } from './prompt-lookup.ts';
import { MAX_BYTES } from './timing.ts';

/** A pod that lists files on a slow disk takes seconds for it. */
const WITHIN_MS = 30_000;

/** `GET /object_info`, read whole; it is parsed only when asked for. @throws PodCallError */
export async function readNodeInfo(http: Pick<PodHttp, 'ok'>): Promise<NodeInfo> {
  const call = { path: '/object_info', maxBytes: MAX_BYTES.objectInfo, withinMs: WITHIN_MS };
  const answer = await asThere(http.ok(call));
  return {
    digest: createHash('sha256').update(answer.body).digest('hex'),
    bytes: answer.body.length,
    parse: () => {
      const parsed = jsonOf(answer);
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
      throw new PodCallError('bad_answer', 'The pod’s answer to /object_info cannot be read.');
    },
  };
}
