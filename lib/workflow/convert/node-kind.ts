import { NODE_MODE } from '../editor/editor-workflow.ts';
import type { ReadNode } from './graph-level.ts';
import { groupNameOf } from './group-definition.ts';

/** What becomes of a node: only a `node` stands in a prompt. */
export type NodeKind = 'node' | 'subgraph' | 'reroute' | 'primitive' | 'setter' | 'getter' | 'note';

/** Node types that live in the editor alone. Sources: ComfyUI's frontend; the packs KJNodes and rgthree-comfy. */
const EDITOR_TYPES: ReadonlyMap<string, NodeKind> = new Map<string, NodeKind>([
  ['Reroute', 'reroute'],
  ['Reroute (rgthree)', 'reroute'],
  ['PrimitiveNode', 'primitive'],
  ['SetNode', 'setter'],
  ['GetNode', 'getter'],
  ['Note', 'note'],
  ['MarkdownNote', 'note'],
  ['Label (rgthree)', 'note'],
  ['Bookmark (rgthree)', 'note'],
  ['Fast Muter (rgthree)', 'note'],
  ['Fast Bypasser (rgthree)', 'note'],
  ['Fast Groups Muter (rgthree)', 'note'],
  ['Fast Groups Bypasser (rgthree)', 'note'],
  ['Fast Actions Button (rgthree)', 'note'],
  ['Mute / Bypass Relay (rgthree)', 'note'],
  ['Mute / Bypass Repeater (rgthree)', 'note'],
  ['Node Collector (rgthree)', 'note'],
  ['Random Unmuter (rgthree)', 'note'],
]);

/** Whether a node of this `mode` is muted or bypassed. */
export function isOff(mode: number): boolean {
  return mode === NODE_MODE.NEVER || mode === NODE_MODE.BYPASS;
}

/** What a type is that no pod has as a class and no subgraph is. */
export function kindOf(type: string): NodeKind {
  return EDITOR_TYPES.get(type) ?? 'node';
}

/** Classes that have another name now. Source: ComfyUI's frontend, which renames them as it loads a file. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['T2IAdapterLoader', 'ControlNetLoader'],
  ['ConditioningAverage ', 'ConditioningAverage'],
  ['SDV_img2vid_Conditioning', 'SVD_img2vid_Conditioning'],
  ['Load3DAnimation', 'Load3D'],
  ['Preview3DAnimation', 'Preview3D'],
]);

/** The name that a class has today. */
export function currentClass(type: string): string {
  return RENAMED.get(type) ?? type;
}

/** Titles that the frontend has words of its own for, whatever the pod calls the class. Source: ComfyUI's frontend 1.35.9. */
const OWN_TITLES: ReadonlyMap<string, string> = new Map([
  ['FluxKontextMultiReferenceLatentMethod', 'FluxKontextMultiReferenceLatentMethod'],
  ['Mahiro', 'Mahiro is so cute that she deserves a better guidance function!! (。・ω・。)'],
]);

/** The title of a node, as the editor shows it: its own, else that of its subgraph or class. */
export function titleOf({ node, subgraph, classType, def }: ReadNode): string {
  const ofClass = OWN_TITLES.get(classType) ?? def?.displayName ?? groupNameOf(classType) ?? classType;
  return node.title || (subgraph?.name ?? ofClass);
}
