import type { SystemView } from '../../lib/protocol/system.ts';

const NAMES: Record<SystemView['store']['kind'], string> = { sqlite: 'SQLite', redis: 'Redis' };

/** Where jobs are kept and by whom, in a sentence. */
export function storeSentence({ store, instances }: Pick<SystemView, 'store' | 'instances'>): string {
  const name = NAMES[store.kind];
  if (!store.available)
    return `${name} does not answer. Nothing new is accepted until it does; jobs on pods are still followed.`;
  const by = instances.length > 1 ? `shared by ${instances.length} instances of Podium` : 'used by this Podium alone';
  return `Jobs are kept in ${name}, ${by}.`;
}
