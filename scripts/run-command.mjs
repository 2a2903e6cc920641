import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** An end that a person can mend; `message` is the whole story. */
export class Refusal extends Error {}

export const say = (line) => process.stdout.write(`${line}\n`);
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * Runs one program in the project's root, without standard input.
 * @param {string[]} command program and arguments
 * @param {{env?: NodeJS.ProcessEnv, quiet?: boolean, timeoutMs?: number}} options `quiet` collects the output instead of showing it
 * @returns {Promise<{code: number, output: string, ms: number}>} code 127 where the program cannot be started
 */
export function run(command, options = {}) {
  const started = Date.now();
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: ROOT,
    env: options.env ?? process.env,
    stdio: ['ignore', options.quiet ? 'pipe' : 'inherit', options.quiet ? 'pipe' : 'inherit'],
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    const end = (code) => resolve({ code, output, ms: Date.now() - started });
    child.once('error', (error) => {
      output += String(error);
      end(127);
    });
    child.once('close', (code, signal) => {
      if (signal) output += `ended by ${signal} after ${seconds(Date.now() - started)}\n`;
      end(code ?? 1);
    });
  });
}

/** The program a package brings, by the name of its command. */
export const tool = (name) => [`node_modules/.bin/${name}`];

/** Runs the main part of a script; a refusal is told as one sentence, and the process ends with 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    process.stderr.write(error instanceof Refusal ? `${error.message}\n` : `${error?.stack ?? error}\n`);
    process.exit(1);
  }
}
