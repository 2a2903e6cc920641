import type { MiddlewareHandler } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { addressOf } from './address.ts';
import type { ApiEnv } from './create-api.ts';
import { refuse } from './problems.ts';

const WINDOW_S = 60;

/** Lets `points` requests of one method a minute through from each address, and says in headers how many are left. */
export function limitRate(method: string, points: number): MiddlewareHandler<ApiEnv> {
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_S });
  return async (context, next) => {
    if (context.req.method !== method) return next();
    const { incoming } = context.env;
    const state = await limiter.consume(incoming ? addressOf(incoming) : 'local').catch((limited: unknown) => {
      if (limited instanceof RateLimiterRes) return limited;
      throw limited;
    });
    const resetS = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
    if (state.consumedPoints > points) {
      context.res = refuse('too_many_requests', `At most ${points} a minute. Go on in ${resetS} seconds.`);
      context.header('Retry-After', String(resetS));
    } else await next();
    context.header('RateLimit-Limit', String(points));
    context.header('RateLimit-Remaining', String(Math.max(0, points - state.consumedPoints)));
    context.header('RateLimit-Reset', String(resetS));
    return undefined;
  };
}
