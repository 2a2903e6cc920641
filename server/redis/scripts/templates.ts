import { MAX_ALL_TEMPLATES_CHARS, MAX_TEMPLATES } from '../../../lib/protocol/templates.ts';
import { defineScript } from '../script.ts';
import { PRELUDE } from './prelude.ts';

/**
 * Writes all or none. KEYS base. ARGV of each template id, characters, record, summary
 * Answer \`saved\` or \`full\`
 */
export const SAVE_TEMPLATES = defineScript(
  PRELUDE,
  `
local sizes, count, chars = {}, 0, 0
local held = redis.call('HGETALL', base .. 'template-sizes')
for i = 1, #held, 2 do
  sizes[held[i]] = tonumber(held[i + 1])
  count = count + 1
  chars = chars + sizes[held[i]]
end
for i = 1, #ARGV, 4 do
  if not sizes[ARGV[i]] then count = count + 1 end
  chars = chars + tonumber(ARGV[i + 1]) - (sizes[ARGV[i]] or 0)
end
if count > ${MAX_TEMPLATES} or chars > ${MAX_ALL_TEMPLATES_CHARS} then return { writes(), 'full' } end
for i = 1, #ARGV, 4 do
  redis.call('HSET', base .. 'template-sizes', ARGV[i], ARGV[i + 1])
  redis.call('HSET', base .. 'templates', ARGV[i], ARGV[i + 2])
  redis.call('HSET', base .. 'template-summaries', ARGV[i], ARGV[i + 3])
end
return { count_write(), 'saved' }
`,
);

/** KEYS base. ARGV id. Answer \`removed\` or \`absent\` */
export const REMOVE_TEMPLATE = defineScript(
  PRELUDE,
  `
redis.call('HDEL', base .. 'template-sizes', ARGV[1])
redis.call('HDEL', base .. 'template-summaries', ARGV[1])
if redis.call('HDEL', base .. 'templates', ARGV[1]) == 0 then return { writes(), 'absent' } end
return { count_write(), 'removed' }
`,
);
