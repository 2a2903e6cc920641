import type { MissingThing } from '../../../lib/jobs/job-error.ts';
import type { KnownPod } from './decision.ts';

/** A pod's name in quotes. */
export function podName(podId: string, pods: readonly KnownPod[]): string {
  return `“${pods.find(({ id }) => id === podId)?.name ?? podId}”`;
}

/** Why a job that a person gave to one pod does not move. */
export function nowhereElse(podId: string, pods: readonly KnownPod[]): string {
  return `It was to run on pod ${podName(podId, pods)} and on no other.`;
}

/** "pod “a”", "pods “a”, “b” and “c”". */
export function podNames(podIds: readonly string[], pods: readonly KnownPod[]): string {
  const names = [...new Set(podIds)].map((id) => podName(id, pods));
  return `${names.length === 1 ? 'pod' : 'pods'} ${enumerated(names)}`;
}

export function enumerated(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Bytes in GB as graphics cards are sold, with at most one decimal. */
export function gigabytes(bytes: number): string {
  return `${Number((bytes / 2 ** 30).toFixed(1))} GB`;
}

/** "“a.safetensors” (its place is models/checkpoints)". */
export function thingName({ kind, name, folder }: MissingThing): string {
  const place = folder === undefined ? '' : ` (its place is ${folder})`;
  return `${kind === 'node_type' ? 'the node ' : ''}“${name}”${place}`;
}

/** One or more whole sentences that end with a full stop, joined. */
export function sentences(...parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part): part is string => part !== undefined && part !== '')
    .map((part) => (/[.!?…]”?$/.test(part) ? part : `${part}.`))
    .join(' ');
}
