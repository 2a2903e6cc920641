/** Checkpoint used unless the caller names another or the pod lacks it: the one ComfyUI's own first workflow names. */
export const DEFAULT_CHECKPOINT = 'v1-5-pruned-emaonly-fp16.safetensors';

/** Of a pod's checkpoints, the one that ready workflows use; null where it has none. */
export function pickCheckpoint(names: readonly string[]): string | null {
  return names.includes(DEFAULT_CHECKPOINT) ? DEFAULT_CHECKPOINT : (names[0] ?? null);
}
