/** Pages reload by Next; the server restarts when one of its files changes. */
import { spawn } from 'node:child_process';
import { ROOT } from './run-command.mjs';

const child = spawn(
  process.execPath,
  ['node_modules/tsx/dist/cli.mjs', 'watch', '--clear-screen=false', '--exclude', '.next/**', 'server/index.ts'],
  {
    cwd: ROOT,
    // A group of its own: Ctrl-C reaches the watcher once, from here, not twice, at which it would kill the server.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' },
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
