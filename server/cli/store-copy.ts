import { StoreUnavailableError } from '../jobs/job-store.ts';
import type { Command } from './command-line.ts';
import { copyDesk, type Copied, type CopyWatch, type Side } from './copy-desk.ts';
import { ProgressLine } from './progress-line.ts';
import { openSide, type StoreSettings } from './stores.ts';
import { Refusal, type Terminal } from './terminal.ts';

/** Unreadable records that are named one by one; of more, only the number is told. */
const MAX_NAMED = 20;

/**
 * Copies a desk from one store into the other.
 * @returns the exit code: 1 where something had to stay behind
 * @throws Refusal, StoreRefusedError, StoreUnavailableError; each with a sentence
 */
export async function storeCopy(
  command: Extract<Command, { name: 'store:copy' }>,
  settings: StoreSettings,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const unreadable: string[] = [];
  const from = await openSide(command.from, settings, { make: false }, ({ id, reason }) => {
    unreadable.push(`job ${id}: ${reason}`);
  });
  try {
    const to = await openSide(command.to, settings, { make: true }, () => undefined);
    const bar = new ProgressLine(terminal.stdout, 'jobs');
    try {
      terminal.stdout.write(`Copying ${from.place} to ${to.place}.\n`);
      const copied = await copyOrExplain(from, to, {
        progress: (done, total) => bar.show(done, total),
        unreadable: () => unreadable.length,
        signal,
      });
      bar.end();
      const jobs = copied.jobs === 1 ? '1 job is' : `${copied.jobs} jobs are`;
      terminal.stdout.write(
        `${jobs} in ${to.place}. ${from.place} is paused, so that nothing runs from both; keep it until you are content. ` +
          `The files of results stay where they are: start Podium with the same DATA_DIR/outputs.\n`,
      );
    } finally {
      bar.end();
      await to.close();
    }
  } finally {
    await from.close();
  }
  if (unreadable.length === 0) return 0;
  const named = unreadable.slice(0, MAX_NAMED).map((line) => `  - ${line}\n`);
  terminal.stderr.write(
    `${unreadable.length} could not be read by this Podium and stayed in ${from.place}:\n${named.join('')}`,
  );
  return 1;
}

/** A store that goes away in the middle is no reason to begin anew. */
async function copyOrExplain(from: Side, to: Side, watch: CopyWatch): Promise<Copied> {
  try {
    return await copyDesk(from, to, watch);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    throw new Refusal(`${error.message} ${from.place} is as it was: run the same again to go on.`, { cause: error });
  }
}
