import type { StoreWarning } from '../../lib/protocol/system.ts';
import type { RedisCalls } from './redis-caller.ts';
import { replyCode } from './redis-errors.ts';
import { readInfo } from './redis-info.ts';
import { untilKnown } from './until-known.ts';

/** How long what was looked up is believed. */
const KEPT_MS = 10_000;
const OLDEST = [6, 2];
const CONFIGS = ['maxmemory-policy', 'appendonly', 'appendfsync'] as const;

/** What about this Redis can lose jobs, each with its remedy. */
async function storeWarnings(calls: RedisCalls): Promise<StoreWarning[]> {
  const info = readInfo(await calls.call('INFO'));
  const config = await readConfig(calls);
  const policy = config?.get('maxmemory-policy') ?? info.get('maxmemory_policy');
  const aof = config?.get('appendonly') ?? (info.get('aof_enabled') === '1' ? 'yes' : 'no');
  const found: (StoreWarning | false)[] = [
    isOld(info.get('redis_version')) && {
      code: 'old_version',
      message: `This is Redis ${info.get('redis_version')}: Podium is tested with 6.2 and newer. Upgrade it.`,
    },
    info.get('role') === 'slave' && {
      code: 'replica',
      message: 'This Redis is a replica and loses what its primary has not sent yet. Point REDIS_URL at the primary.',
    },
    policy !== undefined &&
      policy !== 'noeviction' && {
        code: 'evicts',
        message: `When its memory is full, this Redis throws keys away, jobs among them (maxmemory-policy is ${policy}). Say CONFIG SET maxmemory-policy noeviction, and write it into redis.conf.`,
      },
    aof !== 'yes' && {
      code: 'not_persistent',
      message:
        'This Redis keeps no append-only file: when it ends, what it took in since its last snapshot is gone. Say CONFIG SET appendonly yes, and write it into redis.conf.',
    },
    aof === 'yes' && syncedLate(config?.get('appendfsync')),
    !config && {
      code: 'unknown',
      message:
        'This Redis does not show its settings, as managed ones do. See by hand that maxmemory-policy is noeviction, and that appendonly is yes with appendfsync always.',
    },
  ];
  return found.filter((warning) => warning !== false);
}

function syncedLate(fsync: string | undefined): StoreWarning | false {
  return (
    fsync !== undefined &&
    fsync !== 'always' && {
      code: 'synced_late',
      message: `At a power cut, ${fsync === 'no' ? 'half a minute or more' : 'up to a second'} of accepted jobs can be lost (appendfsync is ${fsync}). Say CONFIG SET appendfsync always, and write it into redis.conf.`,
    }
  );
}

/** Undefined where the settings may not be read. */
async function readConfig(calls: RedisCalls): Promise<Map<string, string> | undefined> {
  const settings = new Map<string, string>();
  for (const name of CONFIGS) {
    try {
      const answer = await calls.call('CONFIG', 'GET', name);
      if (!Array.isArray(answer) || typeof answer[1] !== 'string') return undefined;
      settings.set(name, answer[1]);
    } catch (error) {
      const cause = error instanceof Error && replyCode(error) === '' ? error.cause : error;
      if (replyCode(cause) === '') throw error;
      return undefined;
    }
  }
  return settings;
}

function isOld(version: string | undefined): boolean {
  const parts = version?.split('.').map(Number) ?? [];
  const [major = Infinity, minor = 0] = parts;
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

/** The same, looked up anew at most once in ten seconds. */
export class KeptWarnings {
  private last: { at: number; warnings: StoreWarning[] } | undefined;

  constructor(private readonly calls: RedisCalls) {}

  async now(): Promise<StoreWarning[]> {
    const at = performance.now();
    if (this.last && at - this.last.at < KEPT_MS) return this.last.warnings;
    const warnings = await untilKnown(() => storeWarnings(this.calls));
    this.last = { at, warnings };
    return warnings;
  }
}
