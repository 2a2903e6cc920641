import { defineScript } from '../script.ts';
import { PRELUDE } from './prelude.ts';

/** Due retries looked through for one pod; beyond these, the longest due go first whatever their priority. */
const MOST_DUE = 5000;

/**
 * What a pod may take, in the order in which it should: each as member, index, job. Nothing while claims are held back.
 * KEYS base. ARGV pod as JSON, the moment in ms, how many at most
 */
export const PICK = defineScript(
  PRELUDE,
  `
local pod, now, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
if limit < 1 or held_back() then return {} end
local found = {}
local lanes = { pod, '' }
for _, lane in ipairs(redis.call('SMEMBERS', base .. 'lanes')) do
  local pinned = string.sub(lane, 1, string.find(lane, SEPARATOR, 1, true) - 1)
  local excluded = string.find(lane, SEPARATOR .. pod .. SEPARATOR, 1, true)
  if (pinned == '' or pinned == pod) and not excluded then lanes[#lanes + 1] = lane end
end
for _, lane in ipairs(lanes) do
  local queue, waiting = 'queue:' .. lane, 'waiting:' .. lane
  for _, member in ipairs(redis.call('ZRANGE', base .. queue, 0, limit - 1)) do
    found[#found + 1] = { member, queue }
  end
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', base .. waiting, '-inf', now, 'LIMIT', 0, ${MOST_DUE})) do
    found[#found + 1] = { member, waiting }
  end
end
table.sort(found, function(a, b) return a[1] < b[1] end)
local answer = {}
for i = 1, math.min(limit, #found) do
  local id = string.sub(found[i][1], -36)
  answer[i] = { found[i][1], found[i][2], redis.call('GET', base .. 'job:' .. id) }
end
return answer
`,
);

/** All members of some indices at one moment, a list each. KEYS base. ARGV the indices */
export const MEMBERS = defineScript(
  PRELUDE,
  `
local answer = {}
for i, name in ipairs(ARGV) do answer[i] = redis.call('ZRANGE', base .. name, 0, -1) end
return answer
`,
);

/**
 * The newest or oldest members of some indices at one moment, and how many each has: a list of both for each.
 * KEYS base. ARGV direction (\`newest\`, \`oldest\`), the member after which to begin or empty, how many, the indices
 */
export const PAGE = defineScript(
  PRELUDE,
  `
local direction, after, limit = ARGV[1], ARGV[2], ARGV[3]
local answer = {}
for i = 4, #ARGV do
  local key = base .. ARGV[i]
  local members
  if direction == 'newest' then
    members = redis.call('ZREVRANGEBYLEX', key, after == '' and '+' or '(' .. after, '-', 'LIMIT', 0, limit)
  else
    members = redis.call('ZRANGEBYLEX', key, after == '' and '-' or '(' .. after, '+', 'LIMIT', 0, limit)
  end
  answer[#answer + 1] = { members, redis.call('ZCARD', key) }
end
return answer
`,
);

/**
 * Walks down a stretch of an index and gives the members whose name, or id, holds a text; with the last one looked at,
 * empty at the end.
 * KEYS base. ARGV the index, the member after which to begin or empty, how many to look at, the text, the text as it may
 * be in an id or empty
 */
export const SEARCH = defineScript(
  PRELUDE,
  `
local name, after, limit, text, id_text = unpack(ARGV)
local members = redis.call('ZREVRANGEBYLEX', base .. name, after == '' and '+' or '(' .. after, '-', 'LIMIT', 0, limit)
local found = {}
for _, member in ipairs(members) do
  local hit = string.find(member, text, 61, true)
  if not hit and id_text ~= '' then hit = string.find(string.upper(string.sub(member, 25, 60)), id_text, 1, true) end
  if hit then found[#found + 1] = member end
end
return { found, #members == tonumber(limit) and members[#members] or '' }
`,
);

/**
 * Walks down a stretch of an index and gives the members that belong to no batch, until there are enough; with the last
 * one looked at, empty at the end.
 * KEYS base. ARGV the index, the member after which to begin or empty, how many to find, how many to look at
 */
export const ALONE = defineScript(
  PRELUDE,
  `
local name, after, wanted, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local members = redis.call('ZREVRANGEBYLEX', base .. name, after == '' and '+' or '(' .. after, '-', 'LIMIT', 0, most)
local found = {}
for i, member in ipairs(members) do
  if string.sub(member, -1) ~= MEMBER_MARK then found[#found + 1] = member end
  if #found == wanted then return { found, i < #members and member or members[#members] } end
end
return { found, #members == most and members[#members] or '' }
`,
);
