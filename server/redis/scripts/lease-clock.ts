/**
 * `now`: Redis' time in ms, the only clock that leases know. A full Redis refuses a script only at its first write, and a
 * deletion is never refused: leases are kept there too, so that what runs on pods is followed.
 */
export const LEASE_CLOCK = `
redis.call('DEL', KEYS[1] .. ':nothing')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;
