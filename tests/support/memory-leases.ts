import type { Fence, LeaseBoard, Member, PodLeases } from '../../server/jobs/leases/lease.ts';

/** A board that several keepers of one process share, by one clock, and from which an instance can be cut off. */
export class MemoryLeases implements PodLeases {
  private readonly members = new Map<string, { member: Member; until: number }>();
  private readonly leases = new Map<string, { token: number; owner?: string | undefined; until: number }>();
  private readonly cut = new Set<string>();

  /** Calls of this instance fail from now on, until `mend`. */
  sever(instanceId: string): void {
    this.cut.add(instanceId);
  }

  mend(instanceId: string): void {
    this.cut.delete(instanceId);
  }

  ownerOf(podId: string): string | undefined {
    const lease = this.leases.get(podId);
    return lease && lease.until > performance.now() ? lease.owner : undefined;
  }

  async beat(self: Member, held: readonly Fence[], ttlMs: number): Promise<LeaseBoard> {
    this.mustReach(self.id);
    const now = performance.now();
    this.members.set(self.id, { member: self, until: now + ttlMs });
    for (const { podId, token } of held) {
      const lease = this.leases.get(podId);
      if (lease?.owner === self.id && lease.token === token) lease.until = now + ttlMs;
    }
    return {
      members: [...this.members.values()].filter(({ until }) => until > now).map(({ member }) => member),
      leases: [...this.leases].flatMap(([podId, { token, owner, until }]) =>
        owner !== undefined && until > now ? [{ fence: { podId, token }, instanceId: owner, leftMs: until - now }] : [],
      ),
    };
  }

  async acquire(instanceId: string, podId: string, ttlMs: number): Promise<Fence | undefined> {
    this.mustReach(instanceId);
    if (this.ownerOf(podId) !== undefined) return undefined;
    const token = (this.leases.get(podId)?.token ?? 0) + 1;
    this.leases.set(podId, { token, owner: instanceId, until: performance.now() + ttlMs });
    return { podId, token };
  }

  async release({ podId, token }: Fence): Promise<void> {
    const lease = this.leases.get(podId);
    if (lease?.token === token) this.leases.set(podId, { token, until: 0 });
  }

  async leave(instanceId: string): Promise<void> {
    this.members.delete(instanceId);
  }

  private mustReach(instanceId: string): void {
    if (this.cut.has(instanceId)) throw new Error('The board cannot be reached');
  }
}
