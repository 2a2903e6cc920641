import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/build-server.ts';

const exec = promisify(execFile);

export type Runner = 'podium' | 'control';

export interface Programs {
  /** JavaScript of each runner's process. */
  readonly main: Record<Runner, string>;
  remove(): void;
}

/**
 * Both runners as one file each: they start quicker than from sources, and a long proof runs what it was started with,
 * whatever is edited meanwhile. The files stand under `node_modules`, from where packages are found.
 */
export async function buildPrograms(): Promise<Programs> {
  const dir = join(ROOT, 'node_modules/.cache', `podium-chaos-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  const sources = ['desk-main.ts', 'control-main.ts'].map((name) => join(ROOT, 'tests/chaos', name));
  const options = ['--bundle', '--platform=node', '--format=esm', '--packages=external', '--log-level=warning'];
  await exec(join(ROOT, 'node_modules/.bin/esbuild'), [
    ...sources,
    ...options,
    '--out-extension:.js=.mjs',
    `--outdir=${dir}`,
  ]);
  return {
    main: { podium: join(dir, 'desk-main.mjs'), control: join(dir, 'control-main.mjs') },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
