import type { LeaseBoard } from './lease.ts';

export interface SharePlan {
  /** Pods to take: nobody drives them. */
  take: string[];
  /** Pods to give up, so that an instance with too few can take them. */
  give: string[];
}

/**
 * What one instance should take and give so that pods are spread evenly. Every instance works out the same board by
 * itself, so the rules are such that two that act at once do not undo each other: whoever has more than the fair share
 * gives, and only where somebody who may have the pod has less.
 */
export function fairShare(selfId: string, podIds: readonly string[], board: LeaseBoard): SharePlan {
  const held = new Map<string, string>(board.leases.map(({ fence, instanceId }) => [fence.podId, instanceId]));
  const members = board.members.filter((member) => member.podIds.length > 0);
  const counts = new Map(members.map((member) => [member.id, 0]));
  for (const owner of held.values()) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const all = new Set(members.flatMap((member) => member.podIds));
  const share = { least: Math.floor(all.size / members.length), most: Math.ceil(all.size / members.length) };
  const rivals = (podId: string) =>
    members.filter((member) => member.id !== selfId && member.podIds.includes(podId)).map(({ id }) => id);
  const countOf = (id: string) => counts.get(id) ?? 0;

  const take: string[] = [];
  for (const podId of podIds) {
    if (held.has(podId)) continue;
    const mine = countOf(selfId);
    if (mine >= share.least && rivals(podId).some((id) => countOf(id) < mine)) continue;
    take.push(podId);
    counts.set(selfId, mine + 1);
  }
  if (take.length > 0) return { take, give: [] };

  const give: string[] = [];
  for (const podId of podIds.toReversed()) {
    if (held.get(podId) !== selfId || countOf(selfId) <= share.least) continue;
    const heir = rivals(podId).find(
      (id) => countOf(id) < share.least || (countOf(selfId) > share.most && countOf(id) < share.most),
    );
    if (heir === undefined || !isFirstGiver(selfId, members, countOf, share)) continue;
    give.push(podId);
    counts.set(selfId, countOf(selfId) - 1);
    counts.set(heir, countOf(heir) + 1);
  }
  return { take, give };
}

/** Where one of several could give the pod that is missing elsewhere, the one with the most and the first id does. */
function isFirstGiver(
  selfId: string,
  members: LeaseBoard['members'],
  countOf: (id: string) => number,
  share: { least: number; most: number },
): boolean {
  const mine = countOf(selfId);
  if (mine > share.most) return true;
  return !members.some(({ id }) => countOf(id) > mine || (countOf(id) === mine && id < selfId));
}
