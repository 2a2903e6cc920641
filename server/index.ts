import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { ConfigError, readConfig, type Config } from './config.ts';
import { RecoveryBar } from './cli/recovery-bar.ts';
import { createServer, type ServerOptions } from './create-server.ts';

/** A stop that takes longer than this is cut short; what is on pods is taken up at the next start anyway. */
const STOP_WITHIN_MS = 9000;

function fail(lines: string[]): never {
  process.stderr.write(`Podium cannot start:\n${lines.map((line) => `  - ${line}`).join('\n')}\n`);
  process.exit(1);
}

function checkDataDir(dir: string): string | undefined {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
    const probe = join(dir, `.write-test-${process.pid}`);
    writeFileSync(probe, '');
    // Instances in containers share the folder, and often a process id too.
    rmSync(probe, { force: true });
    return undefined;
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `DATA_DIR "${dir}" cannot be written to (${why}): choose another folder or correct its permissions.`;
  }
}

function configured(): Config {
  const problems: string[] = [];
  let config: Config | undefined;
  let dataDir: string;
  try {
    config = readConfig();
    dataDir = config.dataDir;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    dataDir = error.dataDir;
  }
  const problem = checkDataDir(dataDir);
  if (problem) problems.push(problem);
  if (!config || problems.length > 0) fail(problems);
  return config;
}

/** Errors of starting that have a remedy; anything else is shown whole. */
function explain(error: unknown, config: Config): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `PORT ${config.port} on ${config.host} is taken: stop the program that uses it or set another PORT.`;
  if (code === 'EACCES') return `PORT ${config.port} may not be used by this user: choose one above 1023.`;
  if (code === 'EADDRNOTAVAIL') return `HOST "${config.host}" is not an address of this machine.`;
  if (code === 'store_newer' || code === 'store_locked' || code === 'store_unavailable')
    return error instanceof Error ? error.message : String(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(): Promise<void> {
  const config = configured();
  const log = pino({ level: config.logLevel });
  const bar = new RecoveryBar(process.stdout);
  const onRecovery: ServerOptions['onRecovery'] = ({ reason, done, total, ended }) => {
    if (reason === 'start') bar.show(done, total, ended);
  };
  const server = await createServer(config, { log, onRecovery }).catch((error: unknown) =>
    fail([explain(error, config)]),
  );
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping; jobs on pods go on and are taken up at the next start');
    const cut = setTimeout(() => process.exit(0), STOP_WITHIN_MS);
    cut.unref();
    server
      .close()
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        log.error({ reason: String(error) }, 'the stop was not clean');
        process.exit(1);
      });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('unhandledRejection', (error) => log.error({ reason: String(error) }, 'unhandled rejection'));

  await server.start().catch((error: unknown) => stopping || fail([explain(error, config)]));
  if (stopping) return;
  log.info(
    { url: server.url, pods: server.desk.runner.pods().map((pod) => pod.id) },
    `Podium is ready at ${server.url}`,
  );
  if (process.stdout.isTTY) process.stdout.write(`\n  Open ${server.url} in a browser. Ctrl-C stops Podium.\n\n`);
}

await main();
