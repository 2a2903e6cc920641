import { ConfigError, readStoreConfig } from '../config.ts';
import { HELP, readCommand } from './command-line.ts';
import { convert } from './convert.ts';
import { storeCheck } from './store-check.ts';
import { storeCopy } from './store-copy.ts';
import { Refusal, UsageError, type Terminal } from './terminal.ts';

/**
 * Runs one command.
 * @param signal ends a copy between two batches
 * @returns the exit code: 0 all is well, 1 it is not, as said, 2 the command line is wrong
 */
export async function runCommand(
  args: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
  readSettings = readStoreConfig,
): Promise<number> {
  try {
    const command = readCommand(args);
    switch (command.name) {
      case 'help':
        terminal.stdout.write(HELP);
        return 0;
      case 'convert':
        return await convert(command, terminal);
      case 'store:check':
        return await storeCheck(readSettings(), terminal);
      case 'store:copy':
        return await storeCopy(command, readSettings(), terminal, signal);
    }
  } catch (error) {
    terminal.stderr.write(`${sentence(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** What a person reads. Anything without a remedy of its own is shown whole. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UsageError) return `${error.message} See podium help.`;
  if (error instanceof Refusal || error instanceof ConfigError) return error.message;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'store_locked')
    return `${error.message.split(' is in use by ', 1)[0]} is in use by a running Podium. Stop that first (jobs on pods go on meanwhile), or ask its /readyz how the store is.`;
  if (code === 'store_newer' || code === 'store_unavailable') return error.message;
  return error.stack ?? error.message;
}
