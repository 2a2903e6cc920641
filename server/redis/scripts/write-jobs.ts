import { defineScript } from '../script.ts';
import { PRELUDE } from './prelude.ts';

/*
 * Every script here but `CREATE` is one change. Each answer begins with the number of writes so far and a word for what
 * came of it. KEYS base.
 */

/**
 * Takes jobs in, each as if it were alone; together they are one write.
 * ARGV for each job: id, job, workflow, how many of these follow: key as JSON or empty, hash of the body, pod and token
 * of the fence or two times empty, whether the job is claimed already (`1`), progress with its time or empty, whether it
 * comes from another store (`1`). What does not follow is empty.
 * Answer `done` and for each job a list: `created`, `same` (it is there, just so), `exists`, `gone`, `lease_lost`,
 * `held_back`, `conflict`, or `replayed` with id and job
 */
export const CREATE = defineScript(
  PRELUDE,
  `
local function create(id, value, workflow, claim, hash, pod, token, claimed, progress, copied)
  claim, token, progress = claim or '', token or '', progress or ''
  if fence_is_old(pod, token) then return { 'lease_lost' } end
  local known = redis.call('EXISTS', base .. 'job:' .. id, base .. 'gone:' .. id) > 0
  if known and copied ~= '1' and is_gone(id) then return { 'gone' } end
  local there = known and redis.call('GET', base .. 'job:' .. id)
  local used = claim ~= '' and redis.call('HGET', base .. 'claims', claim)
  if used then
    local used_hash, used_id = string.match(used, '^(.*) ([^ ]*)$')
    local made = redis.call('GET', base .. 'job:' .. used_id)
    if made and used_id ~= id then
      if used_hash ~= hash then return { 'conflict' } end
      -- Somebody was told that this job is accepted: whoever made it may no longer take it back.
      redis.call('SET', base .. 'told:' .. used_id, '1', 'PX', GONE_MS)
      return { 'replayed', used_id, made }
    end
    if redis.call('EXISTS', base .. 'batch:' .. used_id) == 1 then return { 'conflict' } end
  end
  if there then return { there == value and 'same' or 'exists' } end
  if claimed == '1' and held_back() then return { 'held_back' } end

  redis.call('SET', base .. 'workflow:' .. id, workflow)
  if claim ~= '' then redis.call('HSET', base .. 'claims', claim, hash .. ' ' .. id) end
  local head = put(id, value, nil)
  if progress ~= '' and not has_ended(head) then redis.call('SET', base .. 'progress:' .. id, progress) end
  if copied ~= '1' then announce(id, head, value, '') end
  return { 'created' }
end

local answers = {}
local written = false
local i = 1
while i < #ARGV do
  local more = tonumber(ARGV[i + 3])
  local answer = create(ARGV[i], ARGV[i + 1], ARGV[i + 2], unpack(ARGV, i + 4, i + 3 + more))
  answers[#answers + 1] = answer
  written = written or answer[1] == 'created'
  i = i + 4 + more
end
return { written and count_write() or writes(), 'done', answers }
`,
);

/**
 * ARGV id, job, pod and token of the fence or two times empty
 * Answer `replaced`, `same` (it is there, just so), `stale` (another revision is there, or none), `held_back`, `lease_lost`
 */
export const REPLACE = defineScript(
  PRELUDE,
  `
local id, value, pod, token = unpack(ARGV)
if fence_is_old(pod, token) then return { writes(), 'lease_lost' } end
local old = redis.call('GET', base .. 'job:' .. id)
if not old then return { writes(), 'stale' } end
if old == value then return { writes(), 'same' } end
local before, next = read_head(old), read_head(value)
local readable = before.version and before.version <= NEWEST_VERSION
if not readable or before.revision ~= next.revision - 1 then return { writes(), 'stale' } end
local claims = next.state == 'submitting' and (before.state == 'queued' or before.state == 'retry_wait')
if claims and held_back() then return { writes(), 'held_back' } end
if not claims then even_if_full() end
local count = count_write()
put(id, value, old)
announce(id, next, value, progress_of(id))
return { count, 'replaced' }
`,
);

/**
 * ARGV id, progress as JSON, pod and token of the fence or two times empty
 * Answer `saved`, `ended` (no such active job), `lease_lost`
 */
export const SAVE_PROGRESS = defineScript(
  PRELUDE,
  `
local id, progress, pod, token = unpack(ARGV)
if fence_is_old(pod, token) then return { writes(), 'lease_lost' } end
local value = redis.call('GETRANGE', base .. 'job:' .. id, 0, 8000)
local head = read_head(value)
if not head.state or has_ended(head) then return { writes(), 'ended' } end
redis.call('SET', base .. 'progress:' .. id, string.format('%.0f', now_ms()) .. '\\n' .. progress)
return { count_write(), 'saved' }
`,
);

/** ARGV id. Answer `removed`, `gone` (it was removed within the last minutes), `absent` */
export const REMOVE = defineScript(
  PRELUDE,
  `
local id = ARGV[1]
local value = redis.call('GET', base .. 'job:' .. id)
if not value then return { writes(), is_gone(id) and 'gone' or 'absent' } end
remove(id, value)
redis.call('SET', base .. 'gone:' .. id, '1', 'PX', GONE_MS)
return { count_write(), 'removed' }
`,
);

/**
 * Deletes those of some jobs that ended before a moment.
 * ARGV the moment in ms, ids
 * Answer `pruned` and the ids of which nothing is left
 */
export const PRUNE = defineScript(
  PRELUDE,
  `
local before = tonumber(ARGV[1])
local pruned = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local value = redis.call('GET', base .. 'job:' .. id)
  local head = value and read_head(value)
  if not value then
    redis.call('ZREM', base .. 'ended', id)
    pruned[#pruned + 1] = id
  elseif head.version and head.version <= NEWEST_VERSION and has_ended(head) and tonumber(head.at) < before then
    drop(id, value)
    pruned[#pruned + 1] = id
  end
end
return { #pruned > 0 and count_write() or writes(), 'pruned', pruned }
`,
);

/**
 * ARGV name of the hash, pod, what is kept of it as JSON, token of the fence or empty
 * Answer `saved`, `lease_lost`
 */
export const SAVE_OF_POD = defineScript(
  PRELUDE,
  `
local name, pod, value, token = unpack(ARGV)
if fence_is_old(pod, token) then return { writes(), 'lease_lost' } end
redis.call('HSET', base .. name, pod, value)
return { count_write(), 'saved' }
`,
);

/** Takes entries out of an index whose jobs are no longer there. ARGV the index, then member and id for each */
export const FORGET = defineScript(
  PRELUDE,
  `
for i = 2, #ARGV, 2 do
  if redis.call('EXISTS', base .. 'job:' .. ARGV[i + 1]) == 0 then redis.call('ZREM', base .. ARGV[1], ARGV[i]) end
end
return { writes(), 'forgotten' }
`,
);
