/**
 * The id of a stream's newest entry. An empty stream gets an entry that nobody reads, since without one a reader could not
 * tell later whether what came first has been trimmed.
 *
 * KEYS stream
 */
export const TAIL_ANCHOR = `
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
if newest[1] then return newest[1][1] end
return redis.call('XADD', KEYS[1], '*', 'begin', '')
`;

/**
 * Whether an entry is still there, as 1 or 0. Where it is, nothing after it has been trimmed.
 *
 * KEYS stream  ARGV the entry's id
 */
export const TAIL_KEPT = `return #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])`;
