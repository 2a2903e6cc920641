import { defineScript } from '../script.ts';
import { LEASE_CLOCK } from './lease-clock.ts';

/**
 * Grants a lease that nobody holds. The token is the time where that is higher: a failover may have lost newer tokens, and
 * none may be given twice.
 *
 * KEYS lease, leases  ARGV pod, owner, how long it lasts in ms
 * Answer the token; nil where somebody holds it
 */
export const leaseAcquire = defineScript(
  LEASE_CLOCK,
  `
local lease = redis.call('HMGET', KEYS[1], 'token', 'expires')
if (tonumber(lease[2]) or 0) > now then return false end
local token = math.max((tonumber(lease[1]) or 0) + 1, now)
local expires = now + ARGV[3]
redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'token', token, 'expires', expires)
redis.call('ZADD', KEYS[2], expires, ARGV[1])
return token
`,
);

/** The text that ends a lease at once. Its token stays: the next one must be higher. Without an owner, no beat renews it. */
const END = `
local function free(lease, leases, pod)
  redis.call('HSET', lease, 'owner', '', 'expires', now)
  redis.call('ZADD', leases, now, pod)
end
`;

/**
 * Gives a lease up, if it is still the newest.
 *
 * KEYS lease, leases  ARGV pod, token
 */
export const leaseRelease = defineScript(
  LEASE_CLOCK,
  END,
  `
if redis.call('HGET', KEYS[1], 'token') == ARGV[2] then free(KEYS[1], KEYS[2], ARGV[1]) end
return 0
`,
);

/**
 * A member leaves, with all leases that it holds.
 *
 * KEYS members, member cards, leases  ARGV what keys of leases begin with, member id
 */
export const leaseLeave = defineScript(
  LEASE_CLOCK,
  END,
  `
redis.call('ZREM', KEYS[1], ARGV[2])
redis.call('HDEL', KEYS[2], ARGV[2])
for _, pod in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. now, '+inf')) do
  local lease = ARGV[1] .. pod
  if redis.call('HGET', lease, 'owner') == ARGV[2] then free(lease, KEYS[3], pod) end
end
return 0
`,
);
