import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteJobStore } from '../../server/sqlite/job-store.ts';

const MAIN = fileURLToPath(new URL('../support/store-process.ts', import.meta.url));
const ROUNDS = 20;

/** Starts the process and reads its lines until `enough` says so; then it is killed, unless it has ended by itself. */
async function runStore(
  path: string,
  workflowBytes: number,
  enough: (lines: string[]) => boolean,
  fileBlocks?: number,
) {
  const node = [process.execPath, '--import', 'tsx', MAIN, path, String(workflowBytes)];
  // A file that may not grow any more answers writes as a failing disk does; the signal that comes with it is ignored.
  const limited = ['-c', `trap '' XFSZ; ulimit -f ${fileBlocks}; exec "$@"`, 'sh', ...node];
  const child =
    fileBlocks === undefined
      ? spawn(process.execPath, node.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('/bin/sh', limited, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('exit', (_code, signal) => resolve(signal)),
  );
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (enough(lines)) child.kill('SIGKILL');
  }
  const signal = await exited;
  return { accepted: idsOf(lines, '+'), refused: idsOf(lines, '-'), lines, signal, stderr };
}

function idsOf(lines: string[], mark: string): string[] {
  return lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(-36));
}

describe('the SQLite store and the end of its process', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'podium-durable-'));
    path = join(dir, 'podium.db');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it(`B10 has every accepted job after each of ${ROUNDS} kills, and opens at once`, async () => {
    let promised = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const run = await runStore(path, 2000, (lines) => lines.length > 1 + round * 3);
      expect([run.signal, run.stderr]).toEqual(['SIGKILL', '']);
      expect(run.accepted.length).toBeGreaterThan(0);
      promised += run.accepted.length;
      const store = openSqliteJobStore({ path });
      for (const id of run.accepted) {
        expect((await store.get(id))?.job.id).toBe(id);
        expect(await store.workflow(id)).toBeDefined();
      }
      expect((await store.counts()).queued).toBeGreaterThanOrEqual(promised);
      await store.close();
    }
  }, 120_000);

  it('B16 refuses a file that another process holds, and takes it when that one has been killed', async () => {
    let refusal: unknown;
    const run = await runStore(path, 10, (lines) => {
      if (lines.length > 1) return false;
      try {
        openSqliteJobStore({ path });
      } catch (error) {
        refusal = error;
      }
      return true;
    });
    expect(run.signal).toBe('SIGKILL');
    expect(refusal).toMatchObject({
      code: 'store_locked',
      message: expect.stringContaining('in use by another Podium'),
    });
    const store = openSqliteJobStore({ path });
    await expect(store.check()).resolves.toBeUndefined();
    await store.close();
  });

  it('B17 accepts nothing on a disk that takes no more, and keeps all it had accepted', async () => {
    const run = await runStore(path, 100_000, () => false, 8000);
    expect(run.stderr).toBe('');
    expect(run.accepted.length).toBeGreaterThan(5);
    expect(
      run.lines.filter((line) => line.startsWith('-')).every((line) => line.startsWith('-store_unavailable ')),
    ).toBe(true);
    expect(run.refused.length).toBeGreaterThan(0);
    const store = openSqliteJobStore({ path });
    expect(await store.counts()).toMatchObject({ queued: run.accepted.length });
    for (const id of run.accepted) expect(await store.get(id)).toBeDefined();
    for (const id of run.refused) expect(await store.get(id)).toBeUndefined();
    await store.close();
  });
});
