import { isIP } from 'node:net';
import { z } from 'zod';

export interface PodConfig {
  id: string;
  name: string;
  url: string;
  headers: Record<string, string>;
}

export interface Config {
  pods: PodConfig[];
  host: string;
  port: number;
  dataDir: string;
  /** With user, password and database number; absent where jobs are kept in `dataDir`. */
  redisUrl?: string;
  /** A pod's lease runs out this long after its instance was last heard of. */
  leaseMs: number;
  /** Recover and follow, but give no queued job to a pod until a person resumes. */
  startPaused: boolean;
  maxRetries: number;
  retryBackoffBaseMs: number;
  /** Pods that may break down under a job before it is set aside. */
  poisonAfter: number;
  jobStaleAfterMs: number;
  progressIntervalMs: number;
  podSlots: number;
  /** To each pod over HTTP; 0 for no limit. */
  podRequestsPerSecond: number;
  authToken?: string;
  publicUrl?: string;
  historyDays: number;
  outputMaxBytes: number;
  uploadMaxBytes: number;
  /** Addresses and ranges of proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: string[];
  /** Milliseconds without a sign of life of a running prompt after which that is told; 0: never. */
  hungAfterMs: number;
  /** What is done then: `show` it, or have the pod stop it. */
  hungAction: 'show' | 'cancel';
  /** Submitted from one address. */
  submitsPerMinute: number;
  /** Everything else that one address asks of the API. */
  requestsPerMinute: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  demoPodStepMs: number;
  development: boolean;
}

/** All that is wrong with the environment at once; each line names its variable and the remedy. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';
  constructor(
    readonly problems: string[],
    /** So that a bad folder can be named together with the rest. */
    readonly dataDir: string,
  ) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
  }
}

type Env = Record<string, string | undefined>;

const DEFAULT_DATA_DIR = '.data';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Reads every setting.
 * @throws ConfigError naming all that is wrong
 */
export function readConfig(env: Env = process.env): Config {
  const problems: string[] = [];
  const { text, whole } = readers(env, problems);

  const redisUrl = readRedis(text, whole, problems);
  const yesOrNo = (name: string): boolean => {
    const value = text(name)?.toLowerCase() ?? '0';
    if (!['0', '1', 'false', 'true'].includes(value)) problems.push(`${name} is "${value}": use 1 or 0.`);
    return value === '1' || value === 'true';
  };

  const host = text('HOST') ?? '127.0.0.1';
  const authToken = text('AUTH_TOKEN');
  if (authToken !== undefined && authToken.length < 16)
    problems.push(
      'AUTH_TOKEN is shorter than 16 characters: use a long random one, for example from "openssl rand -hex 24".',
    );
  if (!isLoopback(host) && authToken === undefined)
    problems.push(`HOST is "${host}", which others can reach: set AUTH_TOKEN too, or use HOST=127.0.0.1.`);
  const publicUrl = text('PUBLIC_URL');
  if (publicUrl !== undefined && !isHttpUrl(publicUrl))
    problems.push(`PUBLIC_URL is "${publicUrl}": use the address browsers open, such as https://podium.example.`);
  const logLevel = z.enum(['debug', 'info', 'warn', 'error', 'silent']).safeParse(text('LOG_LEVEL') ?? 'info');
  if (!logLevel.success) problems.push(`LOG_LEVEL is "${text('LOG_LEVEL')}": use debug, info, warn, error or silent.`);

  const hungAction = z.enum(['show', 'cancel']).safeParse(text('HUNG_ACTION') ?? 'show');
  if (!hungAction.success) problems.push(`HUNG_ACTION is "${text('HUNG_ACTION')}": use show or cancel.`);

  const config: Config = {
    pods: readPods(text('COMFYUI_POD_URL'), readHeaders(text('COMFYUI_POD_HEADERS'), problems), problems),
    host,
    port: whole('PORT', 3000, 0, 65_535),
    dataDir: text('DATA_DIR') ?? DEFAULT_DATA_DIR,
    ...(redisUrl !== undefined && { redisUrl }),
    leaseMs: whole('LEASE_MS', 2000, 300, 60_000),
    startPaused: yesOrNo('START_PAUSED'),
    maxRetries: whole('MAX_RETRIES', 3, 0, 100),
    retryBackoffBaseMs: whole('RETRY_BACKOFF_BASE_MS', 1000, 1, 3_600_000),
    poisonAfter: whole('POISON_AFTER', 2, 1, 100),
    jobStaleAfterMs: whole('JOB_STALE_AFTER_MS', 600_000, 1000, 30 * 86_400_000),
    hungAfterMs: whole('HUNG_AFTER_MS', 1_800_000, 0, 30 * 86_400_000),
    hungAction: hungAction.data ?? 'show',
    progressIntervalMs: whole('PROGRESS_INTERVAL_MS', 1000, 100, 60_000),
    podSlots: whole('POD_SLOTS', 2, 1, 100),
    podRequestsPerSecond: whole('POD_REQUESTS_PER_SECOND', 50, 0, 10_000),
    ...(authToken !== undefined && { authToken }),
    ...(publicUrl !== undefined && { publicUrl }),
    historyDays: whole('HISTORY_DAYS', 30, 1, 36_500),
    outputMaxBytes: whole('OUTPUT_MAX_BYTES', 2 * 1024 ** 3, 1024, Number.MAX_SAFE_INTEGER),
    uploadMaxBytes: whole('UPLOAD_MAX_BYTES', 2 * 1024 ** 3, 1024, Number.MAX_SAFE_INTEGER),
    trustedProxies: readProxies(text('TRUSTED_PROXIES'), problems),
    submitsPerMinute: whole('SUBMITS_PER_MINUTE', 12_000, 1, Number.MAX_SAFE_INTEGER),
    requestsPerMinute: whole('REQUESTS_PER_MINUTE', 6000, 1, Number.MAX_SAFE_INTEGER),
    logLevel: logLevel.success ? logLevel.data : 'info',
    demoPodStepMs: whole('DEMO_POD_STEP_MS', 120, 1, 60_000),
    development: env['NODE_ENV'] === 'development',
  };
  if (redisUrl !== undefined && config.pods.length === 0)
    problems.push(
      'Jobs are kept in Redis and COMFYUI_POD_URL is empty: name the pods, since the demo pod lives inside one process only.',
    );
  if (problems.length > 0) throw new ConfigError(problems, config.dataDir);
  return config;
}

/**
 * Reads where jobs are kept, and nothing else: for commands that need no pod.
 * @throws ConfigError naming all that is wrong with these settings
 */
export function readStoreConfig(env: Env = process.env): Pick<Config, 'dataDir' | 'redisUrl'> {
  const problems: string[] = [];
  const { text, whole } = readers(env, problems);
  const dataDir = text('DATA_DIR') ?? DEFAULT_DATA_DIR;
  const redisUrl = readRedis(text, whole, problems);
  if (problems.length > 0) throw new ConfigError(problems, dataDir);
  return { dataDir, ...(redisUrl !== undefined && { redisUrl }) };
}

function readers(env: Env, problems: string[]) {
  const text = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  const whole = (name: string, fallback: number, min: number, max: number): number => {
    const given = text(name);
    if (given === undefined) return fallback;
    const value = Number(given);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push(`${name} is "${given}": use a whole number from ${min} to ${max}.`);
    return fallback;
  };
  return { text, whole };
}

/** `REDIS_URL`, or one made of `REDIS_HOST`, `REDIS_PORT` and `REDIS_PASSWORD`. */
function readRedis(
  text: (name: string) => string | undefined,
  whole: (name: string, fallback: number, min: number, max: number) => number,
  problems: string[],
): string | undefined {
  const url = text('REDIS_URL');
  const host = text('REDIS_HOST');
  const port = whole('REDIS_PORT', 6379, 1, 65_535);
  const password = text('REDIS_PASSWORD');
  if (url === undefined && host === undefined) {
    if (password !== undefined || text('REDIS_PORT') !== undefined)
      problems.push('REDIS_PORT or REDIS_PASSWORD is set without REDIS_HOST: set it too, or remove them.');
    return undefined;
  }
  if (url !== undefined && host !== undefined) {
    problems.push('REDIS_URL and REDIS_HOST are both set: keep one of them.');
    return undefined;
  }
  if (url === undefined) {
    const auth = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
    const name = host?.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    return URL.canParse(`redis://${auth}${name}:${port}/0`)
      ? `redis://${auth}${name}:${port}/0`
      : void problems.push(`REDIS_HOST is "${host}": use a host name or an address.`);
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '') {
    problems.push(`REDIS_URL is "${hidePassword(url)}": use redis://user:password@host:6379/0, or rediss:// for TLS.`);
    return undefined;
  }
  if (!/^\/?\d*$/.test(parsed.pathname))
    problems.push(`REDIS_URL names the database "${parsed.pathname.slice(1)}": use a number, such as 0.`);
  return url;
}

const headersSchema = z.record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/), z.string().regex(/^[^\r\n]*$/));

function readHeaders(text: string | undefined, problems: string[]): Record<string, string> {
  if (text === undefined) return {};
  const wrong = 'COMFYUI_POD_HEADERS is not a JSON object of strings: use, for example, {"Authorization":"Bearer …"}.';
  try {
    const parsed = headersSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    problems.push(wrong);
    return {};
  }
  problems.push(wrong);
  return {};
}

/** A range of all addresses is refused: with it, anybody could claim to be anybody. */
function readProxies(text: string | undefined, problems: string[]): string[] {
  const given = (text ?? '').split(',').map((part) => part.trim());
  return given.filter((part) => {
    if (part === '') return false;
    const [address = '', bits = '1', ...rest] = part.split('/');
    const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
    if (rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most) return true;
    problems.push(
      `TRUSTED_PROXIES holds "${part}": use addresses or ranges of your proxies, such as 127.0.0.1 or 10.0.0.0/8, comma-separated.`,
    );
    return false;
  });
}

const POD_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** `url`, or `name=url`, comma-separated. A pod's id is its name, else its host and port. */
function readPods(text: string | undefined, headers: Record<string, string>, problems: string[]): PodConfig[] {
  if (text === undefined) return [];
  const pods: PodConfig[] = [];
  for (const part of text.split(',').map((item) => item.trim())) {
    if (part === '') continue;
    const named = /^([^=:/?#@]+)=(.+)$/.exec(part);
    const url = named?.[2] ?? part;
    if (!isHttpUrl(url)) {
      problems.push(
        `COMFYUI_POD_URL holds "${hidePassword(part)}": use http://host:port or name=http://host:port, comma-separated.`,
      );
      continue;
    }
    const parsed = new URL(url);
    const path = parsed.pathname === '/' ? '' : parsed.pathname.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/-+$/, '');
    const id =
      named?.[1]?.trim() ??
      `${parsed.hostname.replace(/[[\]:]/g, '')}${parsed.port && `-${parsed.port}`}${path}`.slice(0, 64);
    if (!POD_ID.test(id))
      problems.push(`COMFYUI_POD_URL names a pod "${id}": use letters, digits, dot, dash and underscore.`);
    else if (pods.some((pod) => pod.id === id))
      problems.push(`COMFYUI_POD_URL names the pod "${id}" twice: give each its own name.`);
    else pods.push({ id, name: id, url, headers });
  }
  return pods;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol) && new URL(text).hostname !== '';
}

function hidePassword(text: string): string {
  return text.replace(/\/\/[^@/]*@/, '//…@');
}
