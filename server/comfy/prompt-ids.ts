const MAX = 1000;

/**
 * The ids under which a pod knows our prompts. They are ours on any pod of 2025-10 and newer; older ones choose their own,
 * and the prompt is then told by `extra_data.podium.promptId`.
 */
export class PromptIds {
  private readonly theirs = new Map<string, string>();
  private readonly ours = new Map<string, string>();

  /** The newest thousand are kept. */
  learn(ours: string, onPod: string): void {
    if (ours === onPod || this.theirs.get(ours) === onPod) return;
    this.theirs.set(ours, onPod);
    this.ours.set(onPod, ours);
    const [oldest] = this.theirs;
    if (this.theirs.size <= MAX || !oldest) return;
    this.theirs.delete(oldest[0]);
    this.ours.delete(oldest[1]);
  }

  onPod(ours: string): string {
    return this.theirs.get(ours) ?? ours;
  }

  oursOf(onPod: string): string {
    return this.ours.get(onPod) ?? onPod;
  }

  /** Whether the pod is known to have given this prompt an id of its own. */
  isRenamed(ours: string): boolean {
    return this.theirs.has(ours);
  }
}
