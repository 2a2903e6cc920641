import type { JobProgress } from '../../lib/jobs/progress.ts';

const ORDINALS: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const rules = new Intl.PluralRules('en', { type: 'ordinal' });

/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(place: number): string {
  return `${place}${ORDINALS[rules.select(place)] ?? 'th'}`;
}

/** The present moment in words: `KSampler 12/30`, `Next in the pod’s queue`, `Saving`. */
export function phaseLine(live: JobProgress | undefined): string {
  if (!live) return 'On the pod';
  if (live.phase === 'queued')
    return (live.queuePosition ?? 1) > 1
      ? `${ordinal(live.queuePosition ?? 1)} in the pod’s queue`
      : 'Next in the pod’s queue';
  if (live.node) return live.node.max > 1 ? `${live.node.name} ${live.node.value}/${live.node.max}` : live.node.name;
  return { loading: 'Loading', sampling: 'Sampling', saving: 'Saving' }[live.phase];
}
