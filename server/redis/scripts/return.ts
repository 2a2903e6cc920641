import { defineScript } from '../script.ts';
import { PRELUDE } from './prelude.ts';

/** Layout of the keys. A Redis with a higher one was written by a newer Podium. */
export const REDIS_FORMAT = 1;
/** Members heard of within this time before Redis went away are waited for. */
const MEMBER_MS = 60_000;

/**
 * An instance has a new connection. Where no instance has met this process of Redis yet, or writes are missing, claims
 * are held back until all members have written again what they know (\`MENDED\`), or until a time-out.
 *
 * The list \`returns\` has a line for each such moment: a token, and how many writes there were then. An instance that
 * has seen more writes than any line since its own knows that some are missing, even if others have written since.
 * KEYS base. ARGV id of Redis' process, the token this instance has, how many writes it has seen, its id, the time-out
 * in ms
 * Answer the layout's format, the token, whether writes are missing (1)
 */
export const RETURNED = defineScript(
  PRELUDE,
  `
local run, token, seen, member, timeout = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
even_if_full()
redis.call('HSETNX', base .. 'meta', 'format', '${REDIS_FORMAT}')
local now = writes()
local newest = redis.call('LINDEX', base .. 'returns', -1)
if not newest or string.match(newest, '^[^ ]* ([^ ]*)') ~= run or now < seen then
  local number = string.format('%.0f', now_ms())
  redis.call('RPUSH', base .. 'returns', number .. ' ' .. run .. ' ' .. string.format('%.0f', now))
  redis.call('LTRIM', base .. 'returns', -50, -1)
  redis.call('DEL', base .. 'awaited')
  local last = redis.call('ZREVRANGE', base .. 'members', 0, 0, 'WITHSCORES')
  if last[1] then
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', base .. 'members', last[2] - ${MEMBER_MS}, '+inf')) do
      redis.call('SADD', base .. 'awaited', id)
    end
  end
  redis.call('SADD', base .. 'awaited', member)
  redis.call('SET', base .. 'barrier', run, 'PX', timeout)
end

local lines = redis.call('LRANGE', base .. 'returns', 0, -1)
local met, missing = false, false
for i = #lines, 1, -1 do
  local line_token, count = string.match(lines[i], '^(.*) ([^ ]*)$')
  if line_token == token then
    met = true
    break
  end
  if tonumber(count) < seen then missing = true end
end
-- The line this instance knows is gone itself.
if token ~= '' and not met then missing = true end
if seen > now then redis.call('HSET', base .. 'meta', 'writes', seen) end
return {
  redis.call('HGET', base .. 'meta', 'format'),
  string.match(lines[#lines], '^(.*) [^ ]*$'),
  missing and 1 or 0,
}
`,
);

/** An instance has written again what it knows. KEYS base. ARGV its id */
export const MENDED = defineScript(
  PRELUDE,
  `
even_if_full()
redis.call('SREM', base .. 'awaited', ARGV[1])
if redis.call('SCARD', base .. 'awaited') == 0 then redis.call('DEL', base .. 'barrier') end
return { writes(), 'mended' }
`,
);

/**
 * Writes a job again that may have been lost. One that is there in the same or a later revision, or was removed, is left.
 * KEYS base. ARGV id, job, workflow or empty, idempotency key as JSON or empty, hash of the body
 */
export const RESTORE_JOB = defineScript(
  PRELUDE,
  `
local id, value, workflow, claim, hash = unpack(ARGV)
if is_gone(id) then return { writes(), 'gone' } end
local head = read_head(value)
local old = redis.call('GET', base .. 'job:' .. id)
even_if_full()
if workflow ~= '' then redis.call('SETNX', base .. 'workflow:' .. id, workflow) end
if claim ~= '' then redis.call('HSETNX', base .. 'claims', claim, hash .. ' ' .. id) end
local there = old and read_head(old).revision
if there and there >= head.revision then return { writes(), 'there' } end
put(id, value, old)
announce(id, head, value, progress_of(id))
return { count_write(), 'restored' }
`,
);

/**
 * Writes a field of a hash again that may have been lost. One that another lease's holder has written since is left.
 * KEYS base. ARGV name of the hash, field, value, pod and token of the fence or two times empty
 */
export const RESTORE_FIELD = defineScript(
  PRELUDE,
  `
local name, field, value, pod, token = unpack(ARGV)
even_if_full()
local lease = token ~= '' and redis.call('HGET', base .. 'lease:' .. pod, 'token')
if lease and tonumber(lease) > tonumber(token) then return { writes(), 'left' } end
redis.call('HSET', base .. name, field, value)
return { count_write(), 'restored' }
`,
);

/** Removes a job again whose removal may have been lost, also where it is not there yet. KEYS base. ARGV id */
export const KEEP_GONE = defineScript(
  PRELUDE,
  `
even_if_full()
local there = redis.call('GET', base .. 'job:' .. ARGV[1])
if there then remove(ARGV[1], there) end
redis.call('SET', base .. 'gone:' .. ARGV[1], '1', 'PX', GONE_MS)
return { count_write(), 'removed' }
`,
);

/**
 * Takes back a job whose maker was told that it was not accepted. It can never be written again, not by a script that is
 * still on its way either.
 * KEYS base. ARGV id, the job as it was to be written
 */
export const WITHDRAW = defineScript(
  PRELUDE,
  `
local id, value = unpack(ARGV)
even_if_full()
local there = redis.call('GET', base .. 'job:' .. id)
if there and (there ~= value or redis.call('EXISTS', base .. 'told:' .. id) == 1) then return { writes(), 'left' } end
if there then remove(id, there) end
redis.call('SET', base .. 'gone:' .. id, '1', 'PX', GONE_MS)
return { count_write(), 'withdrawn' }
`,
);
