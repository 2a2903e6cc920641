import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { NodeCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import { convertWorkflow } from '../../lib/workflow/convert/convert-workflow.ts';
import { readEditorWorkflow } from '../../lib/workflow/editor/editor-workflow.ts';

const SHARED = new URL('../../../shared/comfyui/', import.meta.url);

/** A workflow as ComfyUI saves it, and what ComfyUI's own frontend exports for it. */
export interface GoldenPair {
  /** `NAME.TAG`. */
  name: string;
  ui: string;
  api: string;
}

interface ApiNode {
  class_type?: string;
  inputs: Record<string, unknown>;
  _meta?: { title?: string };
}

/** The node classes of the pod on which the golden set was exported, as text. */
export function goldenObjectInfo(): string {
  return readFileSync(new URL('0.8.0/object_info.json', SHARED), 'utf8');
}

/** All pairs, by name. */
export function goldenPairs(): GoldenPair[] {
  const folder = new URL('golden/', SHARED);
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.ui.json'))
    .map((file) => file.slice(0, -'.ui.json'.length));
  return names.toSorted().map((name) => ({
    name,
    ui: readFileSync(new URL(`${name}.ui.json`, folder), 'utf8'),
    api: readFileSync(new URL(`${name}.api.json`, folder), 'utf8'),
  }));
}

/** How equal our conversion is to the frontend's export. */
export interface GoldenReport {
  files: number;
  equalFiles: number;
  nodes: number;
  equalNodes: number;
  /** Nodes of classes the pod has not. */
  unknownNodes: number;
  /** Those of them that the conversion keeps with their class, and names as unknown. */
  namedUnknownNodes: number;
  /** One line a difference: where, and what stands on either side. */
  differences: string[];
}

/** Converts every file and compares it, node by node. */
export function compareGolden(pairs: readonly GoldenPair[], catalog: NodeCatalog): GoldenReport {
  const report: GoldenReport = {
    files: 0,
    equalFiles: 0,
    nodes: 0,
    equalNodes: 0,
    unknownNodes: 0,
    namedUnknownNodes: 0,
    differences: [],
  };
  for (const { name, ui, api } of pairs) {
    const read = readEditorWorkflow(JSON.parse(ui));
    if (!read.ok) throw new Error(`${name}: ${read.message}`);
    const converted = convertWorkflow(read.workflow, catalog);
    const ours: Record<string, ApiNode> = JSON.parse(JSON.stringify(converted.prompt));
    const theirs: Record<string, ApiNode> = JSON.parse(api);
    const before = report.differences.length;
    report.files += 1;
    for (const id of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      const lines = differencesOf(ours[id], theirs[id]);
      report.nodes += 1;
      if (theirs[id]?.class_type === undefined) report.unknownNodes += 1;
      if (lines.length === 0) report.equalNodes += 1;
      report.differences.push(...lines.map((line) => `${name} node ${id} (${theirs[id]?.class_type}): ${line}`));
    }
    report.namedUnknownNodes += converted.unknown.filter(
      ({ nodeId, classType }) =>
        ours[nodeId]?.class_type === classType && theirs[nodeId] && theirs[nodeId].class_type === undefined,
    ).length;
    if (report.differences.length === before) report.equalFiles += 1;
  }
  return report;
}

/**
 * Of a class that it does not know the frontend exports no class, no title and, under the name `UNKNOWN`, one value; we
 * keep what the file says. There the links are compared, which both know.
 */
function differencesOf(ours: ApiNode | undefined, theirs: ApiNode | undefined): string[] {
  if (!ours || !theirs) return [ours ? 'the frontend has no such node' : 'we have no such node'];
  if (theirs.class_type === undefined) {
    const names = new Set([...Object.keys(theirs.inputs), ...Object.keys(ours.inputs)]);
    const linked = [...names].filter((name) => [theirs, ours].some(({ inputs }) => Array.isArray(inputs[name])));
    return linked.flatMap((name) => differenceIn(`input ${name}`, ours.inputs[name], theirs.inputs[name]));
  }
  const names = new Set([...Object.keys(theirs.inputs), ...Object.keys(ours.inputs)]);
  return [
    ...differenceIn('class_type', ours.class_type, theirs.class_type),
    ...differenceIn('title', ours._meta?.title, theirs._meta?.title),
    ...[...names].flatMap((name) => differenceIn(`input ${name}`, ours.inputs[name], theirs.inputs[name])),
  ];
}

function differenceIn(what: string, ours: unknown, theirs: unknown): string[] {
  if (isDeepStrictEqual(ours, theirs)) return [];
  return [`${what}: ours ${short(ours)}, frontend ${short(theirs)}`];
}

function short(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120);
}
