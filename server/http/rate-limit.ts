import type { MiddlewareHandler } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientAddresses } from './client-address.ts';
import type { ApiEnv } from './create-api.ts';
import { refuse } from './problems.ts';

const WINDOW_S = 60;
/** Where work is submitted: a job, or a batch, which counts as one however many jobs it has. */
const SUBMISSIONS = ['/api/jobs', '/api/batches'];

export interface RateLimits {
  addresses: Pick<ClientAddresses, 'of'>;
  /** Jobs and batches submitted by one client. */
  submitsPerMinute: number;
  /** Everything else that one client asks of the API. */
  requestsPerMinute: number;
}

/** One limit under its name, for one kind of request. */
function createPolicy(name: string, quota: number, refusal: (waitS: number) => string) {
  const limiter = new RateLimiterMemory({ points: quota, duration: WINDOW_S });
  const policy = `"${name}";q=${quota};w=${WINDOW_S}`;
  return {
    async take(client: string) {
      const state = await limiter.consume(client).catch((limited: unknown) => {
        if (limited instanceof RateLimiterRes) return limited;
        throw limited;
      });
      const waitS = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
      const left = Math.max(0, quota - state.consumedPoints);
      const headers: [string, string][] = [
        ['RateLimit-Policy', policy],
        ['RateLimit', `"${name}";r=${left};t=${waitS}`],
        // What libraries in use still read: the fields of the draft's earlier versions.
        ['RateLimit-Limit', String(quota)],
        ['RateLimit-Remaining', String(left)],
        ['RateLimit-Reset', String(waitS)],
      ];
      const refused = state.consumedPoints > quota;
      if (refused) headers.push(['Retry-After', String(waitS)]);
      return { refused, headers, detail: refusal(waitS) };
    },
  };
}

/**
 * Lets each client submit and ask so often a minute, and says in every answer how much is left
 * (draft-ietf-httpapi-ratelimit-headers). Submissions and everything else are counted apart.
 */
export function limitRates({ addresses, submitsPerMinute, requestsPerMinute }: RateLimits): MiddlewareHandler<ApiEnv> {
  const submits = createPolicy(
    'submit',
    submitsPerMinute,
    (waitS) => `At most ${submitsPerMinute} jobs are taken from one address in a minute. Go on in ${waitS} seconds.`,
  );
  const requests = createPolicy(
    'requests',
    requestsPerMinute,
    (waitS) =>
      `At most ${requestsPerMinute} requests of one address are answered in a minute. Go on in ${waitS} seconds.`,
  );
  return async (context, next) => {
    const { incoming } = context.env;
    const { method, path } = context.req;
    const policy = method === 'POST' && SUBMISSIONS.includes(path) ? submits : requests;
    const taken = await policy.take(incoming ? addresses.of(incoming) : 'local');
    if (taken.refused) context.res = refuse('too_many_requests', taken.detail);
    else await next();
    // Not by `context.header`, which makes a new response of a finished one for each field.
    const { headers } = context.res;
    for (const [name, value] of taken.headers) headers.set(name, value);
  };
}
