import type { GroupLink } from './group-definition.ts';

const NONE: readonly GroupLink[] = [];

/** The links inside of a group, by the nodes at their ends. */
export class GroupLinks {
  private readonly byFrom = new Map<number, GroupLink[]>();
  private readonly byTo = new Map<number, GroupLink[]>();

  constructor(links: readonly GroupLink[]) {
    for (const link of links) {
      add(this.byFrom, link.from, link);
      add(this.byTo, link.to, link);
    }
  }

  from(node: number): readonly GroupLink[] {
    return this.byFrom.get(node) ?? NONE;
  }

  to(node: number): readonly GroupLink[] {
    return this.byTo.get(node) ?? NONE;
  }
}

function add(map: Map<number, GroupLink[]>, node: number, link: GroupLink): void {
  const known = map.get(node);
  if (known) known.push(link);
  else map.set(node, [link]);
}
