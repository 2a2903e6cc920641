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
  /** JavaScript of Podium's process as another checkout has it, with which every instance then begins. */
  readonly former?: string;
  remove(): void;
}

/**
 * Both runners as one file each: they start quicker than from sources, and a long proof runs what it was started with,
 * whatever is edited meanwhile. The files stand under `node_modules`, from where packages are found.
 * @param former a checkout of another version
 */
export async function buildPrograms(former?: string): Promise<Programs> {
  const dir = join(ROOT, 'node_modules/.cache', `podium-chaos-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  await bundle(['desk-main.ts', 'control-main.ts'], ROOT, dir);
  if (former !== undefined) await bundle(['desk-main.ts'], former, join(dir, 'former'));
  return {
    main: { podium: join(dir, 'desk-main.mjs'), control: join(dir, 'control-main.mjs') },
    ...(former !== undefined && { former: join(dir, 'former/desk-main.mjs') }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

async function bundle(names: string[], checkout: string, outdir: string): Promise<void> {
  await exec(join(ROOT, 'node_modules/.bin/esbuild'), [
    ...names.map((name) => join(checkout, 'tests/chaos', name)),
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--packages=external',
    '--log-level=warning',
    '--out-extension:.js=.mjs',
    `--outdir=${outdir}`,
  ]);
}
