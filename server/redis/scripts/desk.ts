import { MAX_RECOVERIES } from '../../jobs/desk-book.ts';
import { defineScript } from '../script.ts';
import { PRELUDE } from './prelude.ts';

/**
 * A field of \`meta\`, made where it is missing. KEYS base. ARGV field, value
 * Answer \`kept\` and the value that is there
 */
export const KEEP_FACT = defineScript(
  PRELUDE,
  `
local there = redis.call('HGET', base .. 'meta', ARGV[1])
if there then return { writes(), 'kept', there } end
redis.call('HSET', base .. 'meta', ARGV[1], ARGV[2])
return { count_write(), 'kept', ARGV[2] }
`,
);

/** KEYS base. ARGV field of \`meta\`, value, channel and message or two times empty */
export const SET_FACT = defineScript(
  PRELUDE,
  `
redis.call('HSET', base .. 'meta', ARGV[1], ARGV[2])
if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[3], ARGV[4]) end
return { count_write(), 'set' }
`,
);

/** KEYS base. ARGV id, recovery as JSON, when it began in ms */
export const SAVE_RECOVERY = defineScript(
  PRELUDE,
  `
redis.call('HSET', base .. 'recoveries', ARGV[1], ARGV[2])
redis.call('ZADD', base .. 'recovery-order', ARGV[3], ARGV[1])
for _, id in ipairs(redis.call('ZRANGE', base .. 'recovery-order', 0, ${-1 - MAX_RECOVERIES})) do
  redis.call('HDEL', base .. 'recoveries', id)
  redis.call('ZREM', base .. 'recovery-order', id)
end
return { count_write(), 'saved' }
`,
);

/** KEYS base. ARGV channel, then field and value of each order */
export const ORDER_POD = defineScript(
  PRELUDE,
  `
for i = 2, #ARGV, 2 do redis.call('HSET', base .. 'orders', ARGV[i], ARGV[i + 1]) end
redis.call('PUBLISH', ARGV[1], 'orders')
return { count_write(), 'ordered' }
`,
);
