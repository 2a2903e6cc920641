import { defineScript } from '../script.ts';
import { LEASE_CLOCK } from './lease-clock.ts';

/**
 * A member tells that it lives, renews the leases that are still its own, and reads the board.
 *
 * KEYS members, member cards, leases, pods, meta
 * ARGV what keys of leases begin with, member id, its card, how long a lease lasts, how long silent members and how long
 * leases that ran out are remembered, then pod and token of each lease held. Times in ms.
 * Answer `[[card of each living member], [pod, owner, token, ms left, … of each lease that has not run out], writes so far]`
 */
export const leaseBeat = defineScript(
  LEASE_CLOCK,
  `
local prefix, id, ttl = ARGV[1], ARGV[2], tonumber(ARGV[4])

redis.call('ZADD', KEYS[1], now, id)
redis.call('HSET', KEYS[2], id, ARGV[3])
for _, silent in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[5])) do
  redis.call('ZREM', KEYS[1], silent)
  redis.call('HDEL', KEYS[2], silent)
end

-- One that has run out is renewed too: while its token is the newest, nobody else has held it since.
for i = 7, #ARGV, 2 do
  local lease = prefix .. ARGV[i]
  local held = redis.call('HMGET', lease, 'owner', 'token')
  if held[1] == id and held[2] == ARGV[i + 1] then
    redis.call('HSET', lease, 'expires', now + ttl)
    redis.call('ZADD', KEYS[3], now + ttl, ARGV[i])
  end
end

-- A pod that nobody has driven for so long is in nobody's configuration.
for _, pod in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now - ARGV[6], 'LIMIT', 0, 100)) do
  redis.call('DEL', prefix .. pod)
  redis.call('ZREM', KEYS[3], pod)
  redis.call('HDEL', KEYS[4], pod)
end

local cards = {}
for _, living in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now - ttl, '+inf')) do
  table.insert(cards, redis.call('HGET', KEYS[2], living) or '')
end
local board = {}
for _, pod in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. now, '+inf')) do
  local lease = redis.call('HMGET', prefix .. pod, 'owner', 'token', 'expires')
  if lease[3] then
    for _, part in ipairs({ pod, lease[1], lease[2], lease[3] - now }) do table.insert(board, part) end
  end
end
return { cards, board, tonumber(redis.call('HGET', KEYS[5], 'writes') or '0') }
`,
);
