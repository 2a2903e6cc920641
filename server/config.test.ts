import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, readStoreConfig } from './config.ts';

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('have defaults that need nothing set', () => {
    expect(readConfig({})).toMatchObject({
      pods: [],
      host: '127.0.0.1',
      port: 3000,
      dataDir: '.data',
      maxRetries: 3,
      retryBackoffBaseMs: 1000,
      poisonAfter: 2,
      jobStaleAfterMs: 600_000,
      progressIntervalMs: 1000,
      podSlots: 2,
      podRequestsPerSecond: 50,
      historyDays: 30,
    });
  });

  it('name several pods, by name or by address, with their headers', () => {
    const { pods } = readConfig({
      COMFYUI_POD_URL: 'big=https://gpu.example/comfy, http://127.0.0.1:8188',
      COMFYUI_POD_HEADERS: '{"Authorization":"Bearer x"}',
    });
    expect(pods.map(({ id, url, headers }) => ({ id, url, headers }))).toEqual([
      { id: 'big', url: 'https://gpu.example/comfy', headers: { Authorization: 'Bearer x' } },
      { id: '127.0.0.1-8188', url: 'http://127.0.0.1:8188', headers: { Authorization: 'Bearer x' } },
    ]);
  });

  it('that are wrong are all named at once, each with its variable', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      POD_SLOTS: '0',
      COMFYUI_POD_URL: 'ftp://pod',
      COMFYUI_POD_HEADERS: 'Authorization: x',
      HOST: '0.0.0.0',
      LOG_LEVEL: 'loud',
    });
    for (const name of ['PORT', 'POD_SLOTS', 'COMFYUI_POD_URL', 'COMFYUI_POD_HEADERS', 'HOST', 'LOG_LEVEL'])
      expect(problems.filter((problem) => problem.startsWith(`${name} `))).toHaveLength(1);
  });

  it('B304 show a silent prompt after half an hour unless told otherwise, and cancel it only when told to', () => {
    expect(readConfig({})).toMatchObject({ hungAfterMs: 1_800_000, hungAction: 'show' });
    expect(readConfig({ HUNG_AFTER_MS: '0', HUNG_ACTION: 'cancel' })).toMatchObject({
      hungAfterMs: 0,
      hungAction: 'cancel',
    });
    expect(problemsOf({ HUNG_AFTER_MS: '-1', HUNG_ACTION: 'kill' }).toSorted()).toEqual([
      'HUNG_ACTION is "kill": use show or cancel.',
      'HUNG_AFTER_MS is "-1": use a whole number from 0 to 2592000000.',
    ]);
  });

  it('B321 name proxies to be believed by address or range, and never everybody', () => {
    expect(readConfig({}).trustedProxies).toEqual([]);
    const good = ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'];
    expect(readConfig({ TRUSTED_PROXIES: good.join(', ') }).trustedProxies).toEqual(good);
    for (const bad of ['proxy.local', '10.0.0.0/33', '0.0.0.0/0', '::/0', '10.0.0.0/8/8', '10.0.0.0/', 'fd00::/129'])
      expect(problemsOf({ TRUSTED_PROXIES: `127.0.0.1,${bad}` })).toEqual([expect.stringContaining(`"${bad}"`)]);
  });

  it('demand a token where others can reach the server', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })).toHaveLength(1);
    expect(problemsOf({ HOST: '0.0.0.0', AUTH_TOKEN: 'a-long-enough-secret' })).toEqual([]);
    expect(problemsOf({ HOST: '127.0.0.1' })).toEqual([]);
  });

  it('never show a pod’s password in a message', () => {
    expect(problemsOf({ COMFYUI_POD_URL: 'ws://me:secret@pod' }).join()).not.toContain('secret');
  });

  it('take Redis as a URL or in parts', () => {
    const pods = { COMFYUI_POD_URL: 'http://127.0.0.1:8188' };
    const urlOf = (env: Record<string, string>) => readConfig({ ...pods, ...env }).redisUrl;
    expect(urlOf({})).toBeUndefined();
    expect(urlOf({ REDIS_URL: 'rediss://me:secret@redis.example:6380/3' })).toBe(
      'rediss://me:secret@redis.example:6380/3',
    );
    expect(urlOf({ REDIS_HOST: 'redis', REDIS_PORT: '7000', REDIS_PASSWORD: 'a/b@c' })).toBe(
      'redis://:a%2Fb%40c@redis:7000/0',
    );
    expect(urlOf({ REDIS_HOST: '::1' })).toBe('redis://[::1]:6379/0');
  });

  it('refuse a Redis that cannot be meant, without showing its password', () => {
    const pods = { COMFYUI_POD_URL: 'http://127.0.0.1:8188' };
    const wrong = [
      { REDIS_URL: 'http://redis:6379' },
      { REDIS_URL: 'redis://me:secret@redis:6379/jobs' },
      { REDIS_URL: 'redis://redis', REDIS_HOST: 'redis' },
      { REDIS_PASSWORD: 'secret' },
      { REDIS_HOST: 'redis', REDIS_PORT: '99999' },
    ];
    for (const env of wrong) {
      const problems = problemsOf({ ...pods, ...env });
      expect(problems, JSON.stringify(env)).toHaveLength(1);
      expect(problems.join()).not.toContain('secret');
    }
    expect(problemsOf({ REDIS_URL: 'redis://redis' }).join()).toContain('COMFYUI_POD_URL');
  });

  it('refuse two pods of the same name', () => {
    expect(problemsOf({ COMFYUI_POD_URL: 'a=http://x:1,a=http://y:1' })).toHaveLength(1);
  });

  it('of the store alone ask for no pod, and refuse only what is wrong with the store', () => {
    expect(readStoreConfig({ PORT: 'eighty' })).toEqual({ dataDir: '.data' });
    expect(readStoreConfig({ DATA_DIR: '/srv/podium', REDIS_HOST: 'redis' })).toEqual({
      dataDir: '/srv/podium',
      redisUrl: 'redis://redis:6379/0',
    });
    expect(() => readStoreConfig({ REDIS_URL: 'redis' })).toThrow('REDIS_URL');
  });
});
