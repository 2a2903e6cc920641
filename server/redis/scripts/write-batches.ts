import { defineScript } from '../script.ts';
import { PRELUDE } from './prelude.ts';

/** Puts a batch where it is found; its jobs are put there one by one. */
const PUT_BATCH = `
local function put_batch(id, made, record, workflow, claim)
  redis.call('HSET', base .. 'batch:' .. id, 'made', made, 'record', record, 'workflow', workflow, 'claim', claim)
  redis.call('ZADD', base .. 'batches', 0, made .. id)
end
`;

/**
 * Takes a batch in with all its jobs, as one change, and announces it once.
 * KEYS base. ARGV batch id, when it was made, record, workflow, key as JSON or empty, hash of the body, then for each job
 * id, job, values
 * Answer `created`, `same` (it is there, just so), `exists`, `gone`, `conflict`, or `replayed` with the record
 */
export const CREATE_BATCH = defineScript(
  PRELUDE,
  PUT_BATCH,
  `
local id, made, record, workflow, claim, hash = unpack(ARGV, 1, 6)
if is_gone(id) then return { writes(), 'gone' } end
local used = claim ~= '' and redis.call('HGET', base .. 'claims', claim)
if used then
  local used_hash, used_id = string.match(used, '^(.*) ([^ ]*)$')
  local earlier = redis.call('HGET', base .. 'batch:' .. used_id, 'record')
  if used_id ~= id and earlier and used_hash == hash then
    -- Somebody was told that this batch is accepted: whoever made it may no longer take it back.
    redis.call('SET', base .. 'told:' .. used_id, '1', 'PX', GONE_MS)
    return { writes(), 'replayed', earlier }
  end
  if used_id ~= id and (earlier or redis.call('EXISTS', base .. 'job:' .. used_id) == 1) then
    return { writes(), 'conflict' }
  end
end
local there = redis.call('HGET', base .. 'batch:' .. id, 'record')
if there then return { writes(), there == record and 'same' or 'exists' } end
for i = 7, #ARGV, 3 do
  if redis.call('EXISTS', base .. 'job:' .. ARGV[i]) == 1 then return { writes(), 'exists' } end
end

put_batch(id, made, record, workflow, claim)
if claim ~= '' then redis.call('HSET', base .. 'claims', claim, hash .. ' ' .. id) end
for i = 7, #ARGV, 3 do
  redis.call('SET', base .. 'workflow:' .. ARGV[i], ARGV[i + 2])
  put(ARGV[i], ARGV[i + 1], nil)
end
redis.call('XADD', base .. 'events', 'MAXLEN', '~', 5000, '*', 'batch', id)
return { count_write(), 'created' }
`,
);

/**
 * Writes a batch again that may have been lost, without its jobs; one that is there, or was taken back, is left.
 * KEYS base. ARGV as \`CREATE_BATCH\`, without jobs
 */
export const RESTORE_BATCH = defineScript(
  PRELUDE,
  PUT_BATCH,
  `
local id, made, record, workflow, claim, hash = unpack(ARGV)
if is_gone(id) then return { writes(), 'gone' } end
even_if_full()
if claim ~= '' then redis.call('HSETNX', base .. 'claims', claim, hash .. ' ' .. id) end
if redis.call('EXISTS', base .. 'batch:' .. id) == 1 then return { writes(), 'there' } end
put_batch(id, made, record, workflow, claim)
return { count_write(), 'restored' }
`,
);

/**
 * Takes a batch back whose maker was told that it was not accepted. It can never be written again. One of which a job was
 * taken up meanwhile, or that somebody was told of, is left whole.
 * KEYS base. ARGV batch id, ids of its jobs
 */
export const WITHDRAW_BATCH = defineScript(
  PRELUDE,
  `
local batch = ARGV[1]
even_if_full()
if redis.call('EXISTS', base .. 'told:' .. batch) == 1 then return { writes(), 'left' } end
local there = {}
for i = 2, #ARGV do
  local value = redis.call('GET', base .. 'job:' .. ARGV[i])
  if value and read_head(value).revision ~= 0 then return { writes(), 'left' } end
  if value then there[#there + 1] = { ARGV[i], value } end
end
for _, job in ipairs(there) do drop(job[1], job[2]) end
redis.call('SET', base .. 'gone:' .. batch, '1', 'PX', GONE_MS)
return { count_write(), 'withdrawn' }
`,
);
