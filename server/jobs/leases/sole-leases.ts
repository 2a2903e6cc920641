import type { Fence, LeaseBoard, Member, PodLeases } from './lease.ts';

/** Leases where one process alone owns the store: it is granted whatever it asks for, and nobody takes it away. */
export class SoleLeases implements PodLeases {
  private readonly held = new Map<string, { fence: Fence; instanceId: string }>();
  private grants = 0;

  async beat(self: Member, _held: readonly Fence[], ttlMs: number): Promise<LeaseBoard> {
    return { members: [self], leases: [...this.held.values()].map((lease) => ({ ...lease, leftMs: ttlMs })) };
  }

  async acquire(instanceId: string, podId: string): Promise<Fence | undefined> {
    if (this.held.has(podId)) return undefined;
    this.grants += 1;
    const fence = { podId, token: this.grants };
    this.held.set(podId, { fence, instanceId });
    return fence;
  }

  async release(fence: Fence): Promise<void> {
    if (this.held.get(fence.podId)?.fence.token === fence.token) this.held.delete(fence.podId);
  }

  async leave(): Promise<void> {
    this.held.clear();
  }
}
