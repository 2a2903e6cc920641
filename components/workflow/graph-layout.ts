import { isLink, nodeName, type Prompt } from '../../lib/workflow/prompt.ts';

export interface PlacedNode {
  id: string;
  name: string;
  classType: string;
  /** From the left, by the longest way from a node without sources. */
  column: number;
  /** From the top; columns with fewer nodes stand in the middle, so that it may be a fraction. */
  row: number;
}
/** A workflow as it is drawn: nodes by column and row, links from one to another. */
export interface WorkflowGraph {
  nodes: PlacedNode[];
  links: { from: string; to: string }[];
  columns: number;
  rows: number;
}

/** More nodes than this are no picture any more. */
export const MAX_DRAWN_NODES = 120;

/** Places the nodes of a prompt; null where there are more than can be seen. Links in a circle are left out. */
export function layoutGraph(prompt: Prompt): WorkflowGraph | null {
  const ids = Object.keys(prompt);
  if (ids.length > MAX_DRAWN_NODES) return null;
  const sources = new Map(ids.map((id) => [id, sourcesOf(prompt, id)]));
  const columnOf = columnsOf(sources);
  const count = ids.length === 0 ? 0 : Math.max(...columnOf.values()) + 1;
  const columns = Array.from({ length: count }, (_, at) => ids.filter((id) => columnOf.get(id) === at));
  const rows = Math.max(0, ...columns.map((column) => column.length));
  const rowOf = new Map<string, number>();
  for (const column of columns) {
    const offset = (rows - column.length) / 2;
    const wished = new Map(column.map((id) => [id, mean((sources.get(id) ?? []).map((from) => rowOf.get(from) ?? 0))]));
    column.sort((a, b) => (wished.get(a) ?? 0) - (wished.get(b) ?? 0));
    for (const [at, id] of column.entries()) rowOf.set(id, offset + at);
  }
  return {
    nodes: ids.map((id) => ({
      id,
      name: nodeName(prompt, id),
      classType: prompt[id]?.class_type ?? '',
      column: columnOf.get(id) ?? 0,
      row: rowOf.get(id) ?? 0,
    })),
    links: ids.flatMap((to) => (sources.get(to) ?? []).map((from) => ({ from, to }))),
    columns: count,
    rows,
  };
}

function sourcesOf(prompt: Prompt, id: string): string[] {
  const links = Object.values(prompt[id]?.inputs ?? {}).filter(isLink);
  return [...new Set(links.map(([from]) => from))].filter((from) => from in prompt);
}

function columnsOf(sources: Map<string, string[]>): Map<string, number> {
  const columns = new Map<string, number>();
  const onTheWay = new Set<string>();
  const place = (id: string): number => {
    const known = columns.get(id);
    if (known !== undefined) return known;
    if (onTheWay.has(id)) return -1;
    onTheWay.add(id);
    const column = Math.max(-1, ...(sources.get(id) ?? []).map(place)) + 1;
    onTheWay.delete(id);
    columns.set(id, column);
    return column;
  };
  for (const id of sources.keys()) place(id);
  return columns;
}

function mean(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
