import { describe, expect, it } from 'vitest';
import { explainRedis, RedisUnavailableError } from './redis-errors.ts';

const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });
const network = (code: string) => Object.assign(new Error('connect failed'), { code });

describe('what went wrong with Redis', () => {
  it.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", /memory is full: raise maxmemory/],
    ['ERR Error running script (call to f_0): @user_script:12: -OOM command not allowed', /memory is full/],
    ['ERR Error running script (call to f_0): @user_script:12: @user_script: 12: -READONLY You can’t write', /replica/],
    ['WRONGPASS invalid username-password pair or user is disabled.', /refuses the user or password/],
    ['ERR AUTH <password> called without any password configured', /refuses the user or password/],
    ['ERR DB index is out of range', /no database of that number/],
    ['NOREPLICAS Not enough good replicas to write.', /too few of its replicas/],
    ['CLUSTERDOWN The cluster is down', /cluster is down/],
  ])('B206 says what %j means, and that nothing was done', (message, sentence) => {
    const error = explainRedis(reply(message), 'redis:6379', true);
    expect(error).toMatchObject({ executed: 'no', message: expect.stringMatching(sentence) });
    expect(error).toMatchObject({ message: expect.stringMatching(/^Redis at redis:6379 .*\.$/) });
  });

  it.each([
    [network('ECONNREFUSED'), /nothing listens there/],
    [network('ENOTFOUND'), /no machine has that name/],
    [network('SELF_SIGNED_CERT_IN_CHAIN'), /certificate was not accepted/],
    [new Error('Command timed out'), /did not answer in time/],
    [new Error('Connection is closed.'), /connection was cut/],
  ])('B206 says why Redis cannot be reached (%s), and whether what was sent may be done', (cause, sentence) => {
    for (const [sent, executed] of [
      [true, 'unknown'],
      [false, 'no'],
    ] as const)
      expect(explainRedis(cause, 'redis:6379', sent)).toMatchObject({
        executed,
        message: expect.stringMatching(sentence),
      });
  });

  it('B206 leaves alone what is no trouble of Redis', () => {
    for (const error of [reply('ERR wrong number of arguments'), reply('WRONGTYPE Operation against a key')])
      expect(explainRedis(error, 'redis:6379', true)).toBe(error);
    const known = new RedisUnavailableError('known', 'unknown');
    expect(explainRedis(known, 'redis:6379', false)).toBe(known);
  });
});
