/** Every variable that Podium reads; what a person's shell sets must not reach the tests. */
export const SETTINGS = [
  'COMFYUI_POD_URL',
  'COMFYUI_POD_HEADERS',
  'HOST',
  'PORT',
  'DATA_DIR',
  'REDIS_URL',
  'REDIS_HOST',
  'REDIS_PORT',
  'REDIS_PASSWORD',
  'LEASE_MS',
  'START_PAUSED',
  'AUTH_TOKEN',
  'PUBLIC_URL',
  'POD_SLOTS',
  'POD_REQUESTS_PER_SECOND',
  'MAX_RETRIES',
  'RETRY_BACKOFF_BASE_MS',
  'POISON_AFTER',
  'JOB_STALE_AFTER_MS',
  'HUNG_AFTER_MS',
  'HUNG_ACTION',
  'PROGRESS_INTERVAL_MS',
  'HISTORY_DAYS',
  'OUTPUT_MAX_BYTES',
  'UPLOAD_MAX_BYTES',
  'TRUSTED_PROXIES',
  'SUBMITS_PER_MINUTE',
  'REQUESTS_PER_MINUTE',
  'LOG_LEVEL',
  'DEMO_POD_STEP_MS',
];

/**
 * The environment without Podium's own settings and without a mode.
 * @returns {NodeJS.ProcessEnv}
 */
export function plainEnvironment(env = process.env) {
  const taken = new Set([...SETTINGS, 'NODE_ENV']);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !taken.has(name)));
}
