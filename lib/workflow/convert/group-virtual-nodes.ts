import type { InputDef, NodeDef } from '../catalog/node-catalog.ts';
import type { GroupDefinition } from './group-definition.ts';
import type { GroupLinks } from './group-links.ts';

/** What a node of a group has for inputs and outputs, be it of a class or not. */
export type InnerClass = Pick<NodeDef, 'inputs' | 'outputs'> & { classType?: string };

/** The name that a PrimitiveNode's value has inside. */
export const PRIMITIVE_VALUE = 'value';

/** A PrimitiveNode shows its value on the face of the group, with the bounds of what it is linked to; undefined where it is linked to nothing. */
export function primitiveClass(
  { nodes }: GroupDefinition,
  at: number,
  links: GroupLinks,
  classes: readonly (NodeDef | undefined)[],
): InnerClass | undefined {
  const link = nodes[at]?.type === 'PrimitiveNode' ? links.from(at).find(({ fromSlot }) => fromSlot === 0) : undefined;
  if (!link) return undefined;
  const name = nodes[link.to]?.inputs[link.toSlot]?.widget?.name;
  const target = classes[link.to]?.inputs.find((input) => input.name === name);
  const value: InputDef = target
    ? { ...target, options: { ...target.options, control_after_generate: true } }
    : { name: PRIMITIVE_VALUE, required: true, type: link.type, options: {} };
  return {
    inputs: [{ ...value, name: PRIMITIVE_VALUE, required: true, type: link.type }],
    outputs: [{ type: link.type, name: link.type, isList: false }],
  };
}

/** A Reroute is an input of the group, an output or both, unless it only leads from one node inside to another. */
export function rerouteClass(
  { nodes, external, outer }: GroupDefinition,
  at: number,
  links: GroupLinks,
): InnerClass | undefined {
  if (nodes[at]?.type !== 'Reroute') return undefined;
  const to = links.to(at)[0];
  const from = links.from(at).filter(({ fromSlot }) => fromSlot === 0);
  const outside = external.get(`${at}/0`);
  if (to && from.length > 0 && outside === undefined) return undefined;
  const wanted = from.map((link) => nodes[link.to]?.inputs[link.toSlot]?.type).find((type) => type && type !== '*');
  const given = to && nodes[to.from]?.outputs[to.fromSlot]?.type;
  const type = (from.length > 0 ? wanted : to ? given : (outer.get(at) ?? outside)) ?? '*';
  return {
    inputs: [{ name: type, required: true, type, options: { forceInput: true } }],
    outputs: [{ type, name: type, isList: false }],
  };
}
