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

/** Pages and server built as `npm start` does; quick where they already are. */
export async function buildAll(): Promise<void> {
  const { code, output } = await runScript('prepare.mjs', ['build']);
  if (code !== 0) throw new Error(`The build failed:\n${output.slice(-4000)}`);
}
