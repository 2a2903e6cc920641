import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What one of the project's scripts says and how it ends. Rejects never: a failure is an exit code. */
export function runScript(script: string, args: string[], env: NodeJS.ProcessEnv = process.env) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    execFile(
      process.execPath,
      [`scripts/${script}`, ...args],
      { cwd: ROOT, env, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
        resolve({ code, output: stdout + stderr });
      },
    );
  });
}

async function prepare(step: 'server' | 'build'): Promise<void> {
  const { code, output } = await runScript('prepare.mjs', [step]);
  if (code !== 0) throw new Error(`The build failed:\n${output.slice(-4000)}`);
}

/** Compiles the server and the library to `dist`, as `npm start` does; quick where they already are. */
export const buildServer = (): Promise<void> => prepare('server');

/** The same, and the pages too. */
export const buildAll = (): Promise<void> => prepare('build');
