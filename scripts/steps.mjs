import { run, say, seconds } from './run-command.mjs';

/**
 * Runs steps, `atOnce` at a time, and tells each as it ends; the output of a quiet step is shown only when it failed.
 * @param {{name: string, command: string[], env?: NodeJS.ProcessEnv, quiet?: boolean, timeoutMs?: number}[]} steps
 * @returns {Promise<string[]>} the names of those that failed
 */
export async function runSteps(steps, atOnce = 1) {
  const failed = [];
  const waiting = [...steps];
  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      say(`▸ ${step.name}: ${step.command.map(shortened).join(' ')}`);
      const { code, output, ms } = await run(step.command, step);
      if (code !== 0) {
        failed.push(step.name);
        if (output) say(output.trimEnd());
      }
      say(`${code === 0 ? '✓' : '✗'} ${step.name} (${seconds(ms)})`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return failed;
}

const shortened = (word) => word.replace(/^node_modules\/\.bin\//, '').replace(process.execPath, 'node');
