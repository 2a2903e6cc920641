import { defineScript } from '../script.ts';

/**
 * Keeps a pod's view and tells it, unless one told under a newer lease is there. A view is kept as JSON that begins with
 * the token.
 *
 * KEYS pods  ARGV pod, token, what is kept, channel, instance
 * Answer 1, or 0 where it was refused
 */
export const linkPod = defineScript(`
local kept = redis.call('HGET', KEYS[1], ARGV[1])
local token = kept and tonumber(string.match(kept, '^{"token":(%d+)'))
if token and token > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[5] .. ' ' .. ARGV[3])
return 1
`);
