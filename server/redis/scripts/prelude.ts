import { JOB_SCHEMA_VERSION, JOB_STATES } from '../../../lib/jobs/job.ts';
import { EXCLUDED_SEPARATOR } from '../../jobs/records/stored-text.ts';
import { MEMBER_MARK } from '../job-value.ts';

/**
 * What all scripts about jobs begin with. KEYS[1] is what every key begins with (`RedisKeys.base`).
 *
 * A job is one string of three lines: its head, its folded name and its record as JSON. The head is the fields of
 * `read_head`, tab between two, so that no script need understand a record; pods are JSON strings in it, empty for none.
 * Its last fields are the lane in which the job waits, as `job-value.ts` makes it, and its batch where it has one; the set
 * `lanes` has those lanes in use that leave pods out.
 * Members of `state:*`, `pod:*` and `batch:*:*` are when the job was made, its id, its folded name and, for a job of a
 * batch, a mark; those of `batches` when the batch was made and its id; those of `queue:*` and
 * `waiting:*` are its rank, when it was made and its id; those of `retries` and `ended` its id. Where no score is
 * named it is 0, so that members sort as text.
 */
export const PRELUDE = `
local base = KEYS[1]
local NEWEST_VERSION = ${JOB_SCHEMA_VERSION}
local SEPARATOR = '${EXCLUDED_SEPARATOR}'
local MEMBER_MARK = '${MEMBER_MARK}'

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local HEAD = '^([^\\t]*)\\t([^\\t]*)\\t(([^\\t]*)\\t([^\\t]*)\\t([^\\t]*)\\t([^\\t]*)\\t'
  .. '([^\\t]*)\\t([^\\t]*)\\t([^\\t\\n]*)\\t?([^\\t\\n]*)\\n([^\\n]*))'
local function read_head(value)
  local version, revision, place, state, created, rank, at, pod, prompt, lane, batch, name = string.match(value, HEAD)
  return {
    version = tonumber(version), revision = tonumber(revision), state = state, created = created, rank = rank,
    at = at, pod = pod, prompt = prompt, lane = lane, batch = batch, name = name,
    -- All that decides where the job stands in the indices.
    place = place,
  }
end

local function record_of(value)
  local name_at = string.find(value, '\\n', 1, true)
  return string.sub(value, string.find(value, '\\n', name_at + 1, true) + 1)
end

-- Ended jobs have the time of their end, waiting ones that of their retry.
local function has_ended(head) return head.at ~= '' and head.state ~= 'retry_wait' end

local function places(id, head)
  local key = head.created .. id
  -- With the name, so that a search reads nothing but the index.
  local named = key .. head.name .. (head.batch ~= '' and MEMBER_MARK or '')
  local found = { { 'state:' .. head.state, 0, named } }
  if head.batch ~= '' then found[#found + 1] = { 'batch:' .. head.batch .. ':' .. head.state, 0, named } end
  if head.pod ~= '' then found[#found + 1] = { 'pod:' .. head.pod .. ':' .. head.state, 0, named } end
  if head.state == 'queued' then
    found[#found + 1] = { 'queue:' .. head.lane, 0, head.rank .. key }
  elseif head.state == 'retry_wait' then
    found[#found + 1] = { 'waiting:' .. head.lane, head.at, head.rank .. key }
    found[#found + 1] = { 'retries', head.at, id }
  elseif head.at ~= '' then
    found[#found + 1] = { 'ended', head.at, id }
  end
  return found
end

-- Small hashes are kept tightly packed, which one large hash is not.
local function prompts_key(prompt) return base .. 'prompts:' .. string.sub(prompt, 1, 3) end

-- Keeps the lanes that leave pods out known for as long as a job waits in them.
local function note_lane(head)
  if not string.find(head.lane, SEPARATOR, 1, true) then return end
  local waits = redis.call('EXISTS', base .. 'queue:' .. head.lane, base .. 'waiting:' .. head.lane) > 0
  redis.call(waits and 'SADD' or 'SREM', base .. 'lanes', head.lane)
end

local function index(id, head)
  for _, place in ipairs(places(id, head)) do redis.call('ZADD', base .. place[1], place[2], place[3]) end
  if head.pod ~= '' then redis.call('SADD', base .. 'pods-seen', head.pod) end
  if head.prompt ~= '' then redis.call('HSET', prompts_key(head.prompt), head.prompt, id) end
  note_lane(head)
end

local function unindex(id, head)
  -- A damaged head: its entries are dropped when they are met.
  if not head.state then return end
  for _, place in ipairs(places(id, head)) do redis.call('ZREM', base .. place[1], place[3]) end
  if head.prompt ~= '' and redis.call('HGET', prompts_key(head.prompt), head.prompt) == id then
    redis.call('HDEL', prompts_key(head.prompt), head.prompt)
  end
  note_lane(head)
end

-- A full Redis refuses a script only at its first write, and a deletion is never refused: what begins with this is
-- done all the same, so that news of jobs that are known is kept while new jobs are refused.
local function even_if_full() redis.call('DEL', base .. 'nothing') end

local function count_write() return redis.call('HINCRBY', base .. 'meta', 'writes', 1) end
local function writes() return tonumber(redis.call('HGET', base .. 'meta', 'writes') or '0') end

local function fence_is_old(pod, token)
  return token ~= '' and redis.call('HGET', base .. 'lease:' .. pod, 'token') ~= token
end

-- Claims are held back for a moment after the last writes may have been lost.
local function held_back() return redis.call('EXISTS', base .. 'barrier') == 1 end

-- For the ids of jobs that were deleted: none of them is ever made again, not by a script that arrives late either.
local GONE_MS = 600000
local function is_gone(id) return redis.call('EXISTS', base .. 'gone:' .. id) == 1 end

local function progress_of(id)
  local kept = redis.call('GET', base .. 'progress:' .. id)
  return kept and string.sub(kept, string.find(kept, '\\n', 1, true) + 1) or ''
end

-- \`is\` lets readers pass over a record that they do not need.
local function announce(id, head, value, progress)
  local entry = { 'id', id, 'rev', head.revision, 'is', head.state .. ' ' .. head.prompt, 'job', record_of(value) }
  if progress ~= '' then
    entry[9] = 'progress'
    entry[10] = progress
  end
  redis.call('XADD', base .. 'events', 'MAXLEN', '~', 5000, '*', unpack(entry))
end

-- Writes a job over what was there, if anything was. Gives the head of what was written.
local function put(id, value, old)
  local head = read_head(value)
  if not old then
    index(id, head)
  else
    local before = read_head(old)
    if before.place ~= head.place then
      unindex(id, before)
      index(id, head)
    end
  end
  redis.call('SET', base .. 'job:' .. id, value)
  if old and has_ended(head) then redis.call('DEL', base .. 'progress:' .. id) end
  return head
end

local function drop_claim(claim, id)
  local used = claim and claim ~= '' and redis.call('HGET', base .. 'claims', claim)
  if used and string.sub(used, -#id) == id then redis.call('HDEL', base .. 'claims', claim) end
end

-- A batch goes with the last of its jobs.
local function drop_empty_batch(batch)
  local left = redis.call('EXISTS', ${JOB_STATES.map((state) => `base .. 'batch:' .. batch .. ':${state}'`).join(', ')})
  if left > 0 then return end
  local made, claim = unpack(redis.call('HMGET', base .. 'batch:' .. batch, 'made', 'claim'))
  drop_claim(claim, batch)
  redis.call('DEL', base .. 'batch:' .. batch)
  redis.call('ZREM', base .. 'batches', (made or '') .. batch)
end

-- Deletes a job with all that belongs to it.
local function drop(id, value)
  -- The key stands in the first line; a workflow can be megabytes.
  local claim = string.match(redis.call('GETRANGE', base .. 'workflow:' .. id, 0, 4095), '^([^\\n]*)\\n')
    or string.match(redis.call('GET', base .. 'workflow:' .. id) or '', '^([^\\n]*)\\n')
  redis.call('DEL', base .. 'job:' .. id, base .. 'workflow:' .. id, base .. 'progress:' .. id)
  local head = read_head(value)
  unindex(id, head)
  drop_claim(claim, id)
  if head.batch and head.batch ~= '' then drop_empty_batch(head.batch) end
end

local function remove(id, value)
  drop(id, value)
  redis.call('XADD', base .. 'events', 'MAXLEN', '~', 5000, '*', 'id', id, 'gone', '1')
end
`;
