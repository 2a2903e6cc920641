import { existsSync } from 'node:fs';
import { openSide, sqlitePath, type StoreSettings } from './stores.ts';
import type { Terminal } from './terminal.ts';

/**
 * Looks at the store that the settings name, and says what it is and what is unsafe about it.
 * @returns the exit code: 1 where something is unsafe
 * @throws Refusal, StoreRefusedError, StoreUnavailableError where it cannot be used; each with a sentence
 */
export async function storeCheck(settings: StoreSettings, terminal: Terminal): Promise<number> {
  const say = (line: string) => terminal.stdout.write(`${line}\n`);
  const kind = settings.redisUrl === undefined ? 'sqlite' : 'redis';
  if (kind === 'sqlite' && !existsSync(sqlitePath(settings))) {
    say(`Store: SQLite. There is no ${sqlitePath(settings)} yet: the first start makes it.`);
    return 0;
  }
  let unreadable = 0;
  const side = await openSide(kind, settings, { make: false }, ({ id, reason }) => {
    unreadable += 1;
    terminal.stderr.write(`Job ${id} cannot be read: ${reason}\n`);
  });
  try {
    await side.store.check();
    say(`Store: ${side.place}, ${await side.version()}.`);
    say(`Jobs: ${await side.store.size()}. Instances: ${(await side.others()).join(', ') || 'none running'}.`);
    await side.store.active();
    const warnings = await side.store.warnings();
    for (const { code, message } of warnings) terminal.stderr.write(`Unsafe (${code}): ${message}\n`);
    if (warnings.length > 0 || unreadable > 0) return 1;
    say('It can be written to, and nothing about it is unsafe.');
    return 0;
  } finally {
    await side.close();
  }
}
