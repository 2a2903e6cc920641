import { z } from 'zod';
import type { Fence, LeaseBoard, Member, PodLeases } from '../jobs/leases/lease.ts';
import type { RedisKeys } from './keys.ts';
import type { RedisCalls } from './redis-caller.ts';
import { leaseBeat } from './scripts/lease-beat.ts';
import { leaseAcquire, leaseLeave, leaseRelease } from './scripts/lease-grant.ts';

/** Longer than Redis is away as a rule: who lived before that is waited for when it is back. */
const FORGET_MEMBER_MS = 3_600_000;
const FORGET_LEASE_MS = 7 * 86_400_000;

const name = z.string().max(300);
const memberSchema = z.object({
  id: name.min(1),
  name,
  version: name,
  podIds: z.array(name).max(10_000),
  startedAt: name,
}) satisfies z.ZodType<Member>;

const leaseSchema = z.tuple([z.string(), z.string(), z.coerce.number().int().positive(), z.number()]);
const boardSchema = z.tuple([z.array(z.string()), z.array(z.union([z.string(), z.number()])), z.number()]);

/** Leases kept by Redis, each change one script, all times by Redis' clock. */
export class RedisPodLeases implements PodLeases {
  constructor(
    private readonly redis: RedisCalls,
    private readonly keys: RedisKeys,
    /** Told at each beat how many writes the store counts. */
    private readonly onWrites: (writes: number) => void = () => undefined,
  ) {}

  async beat(self: Member, held: readonly Fence[], ttlMs: number): Promise<LeaseBoard> {
    const { members, memberCards, leases, pods, meta, lease } = this.keys;
    const answer = await this.redis.run(
      leaseBeat,
      [members, memberCards, leases, pods, meta],
      [
        lease(''),
        self.id,
        JSON.stringify(memberSchema.parse(self)),
        ttlMs,
        FORGET_MEMBER_MS,
        FORGET_LEASE_MS,
        ...held.flatMap(({ podId, token }) => [podId, token]),
      ],
    );
    const [cards, board, writes] = boardSchema.parse(answer);
    this.onWrites(writes);
    return { members: cards.flatMap(readMember).toSorted(byId), leases: readLeases(board) };
  }

  async acquire(instanceId: string, podId: string, ttlMs: number): Promise<Fence | undefined> {
    const { lease, leases } = this.keys;
    const token = await this.redis.run(leaseAcquire, [lease(podId), leases], [podId, instanceId, ttlMs]);
    return token === null ? undefined : { podId, token: z.number().int().positive().parse(token) };
  }

  async release({ podId, token }: Fence): Promise<void> {
    const { lease, leases } = this.keys;
    await this.redis.run(leaseRelease, [lease(podId), leases], [podId, token]);
  }

  async leave(instanceId: string): Promise<void> {
    const { members, memberCards, leases, lease } = this.keys;
    await this.redis.run(leaseLeave, [members, memberCards, leases], [lease(''), instanceId]);
  }
}

/** None where the card cannot be read: a member of another version is not counted by this one. */
function readMember(card: string): Member[] {
  try {
    return [memberSchema.parse(JSON.parse(card))];
  } catch {
    return [];
  }
}

function readLeases(board: (string | number)[]): LeaseBoard['leases'] {
  return Array.from({ length: board.length / 4 }, (_, index) => board.slice(index * 4, index * 4 + 4)).flatMap(
    (four) => {
      const read = leaseSchema.safeParse(four);
      if (!read.success) return [];
      const [podId, instanceId, token, leftMs] = read.data;
      return [{ fence: { podId, token }, instanceId, leftMs }];
    },
  );
}

function byId(a: Member, b: Member): number {
  return a.id < b.id ? -1 : 1;
}
