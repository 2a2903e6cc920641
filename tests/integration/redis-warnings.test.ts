import { afterEach, describe, expect, it } from 'vitest';
import { storeWarningSchema } from '../../lib/protocol/system.ts';
import { redisDesk } from '../support/redis-desk.ts';
import { startRedis, type RedisProcess } from '../support/redis-process.ts';

describe('what is unsafe about a Redis', () => {
  let redis: RedisProcess;
  let desk: ReturnType<typeof redisDesk>;
  const open = async (settings: Record<string, string> = {}) => {
    redis = await startRedis(settings);
    desk = redisDesk(redis);
    return desk.open('a');
  };
  afterEach(async () => {
    await desk.close();
    await redis.stop();
  });
  const codes = async (settings: Record<string, string>) => {
    const warnings = await (await open(settings)).warnings();
    for (const warning of warnings) expect(storeWarningSchema.parse(warning).message).toMatch(/^[A-Z].*\.$/);
    return warnings.map(({ code }) => code);
  };

  it('B211 is nothing where it keeps every write and throws nothing away', async () => {
    expect(await codes({})).toEqual([]);
  });

  it.each([
    [{ 'maxmemory-policy': 'allkeys-lru' }, ['evicts']],
    [{ 'maxmemory-policy': 'volatile-ttl', appendfsync: 'everysec' }, ['evicts', 'synced_late']],
    [{ appendonly: 'no' }, ['not_persistent']],
  ])('B211 is told by its settings %j', async (settings, expected) => {
    expect(await codes(settings)).toEqual(expected);
  });

  it('B211 is to be looked up by hand where Redis does not show its settings', async () => {
    await open();
    await redis.command('ACL', 'SETUSER', 'podium', 'on', '>s e/cret', '~*', '&*', '+@all', '-config');
    const url = `redis://podium:${encodeURIComponent('s e/cret')}@127.0.0.1:${redis.port}/1`;
    const store = await desk.open('b', { url });
    await store.check();
    expect((await store.warnings()).map(({ code }) => code)).toEqual(['unknown']);
  });

  it('B211 is told of a Redis that has become a replica', async () => {
    const store = await open();
    await store.check();
    await redis.command('REPLICAOF', '127.0.0.1', 1);
    expect((await store.warnings()).map(({ code }) => code)).toEqual(['replica']);
  });
});
