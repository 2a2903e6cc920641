import type { NodeCatalog, NodeDef } from '../catalog/node-catalog.ts';
import { openGroupNodes } from '../convert/group-nodes.ts';
import type { EditorWorkflow } from '../editor/editor-workflow.ts';
import { isLink, type Prompt } from '../prompt.ts';
import { controlOf } from './field-control.ts';
import { readableName } from './field-label.ts';
import { isWorthChanging, roleOf, roleOfName } from './field-role.ts';
import { FIELD_ROLES, fieldKey, type FieldControl, type FieldRole, type FormField } from './form-field.ts';
import { liveInputs } from '../catalog/live-inputs.ts';
import { promotedWidgets, type PromotedWidget } from './promoted-widgets.ts';
import { textSides, type TextSides } from './text-sides.ts';

/** Nodes that hold one value for others. Source: category of ComfyUI's `Primitive…` classes. */
const PRIMITIVES = 'utils/primitive';
/** Titles that say nothing more than the role does. */
const PLAIN_TITLE = /^clip text encode/i;

/**
 * The inputs of a prompt that a person may change, by role and then in the prompt's order. Inputs that come from other
 * nodes are none, nor are values that nobody can write (lists, objects, null), nor what a known class does not define.
 * Labels are those of subgraph widgets where the editor's form has them.
 */
export function formOf(prompt: Prompt, catalog: NodeCatalog, editor?: EditorWorkflow): FormField[] {
  const context: Context = {
    prompt,
    catalog,
    sides: textSides(prompt, catalog),
    uses: usesOf(prompt),
    promoted: editor ? promotedWidgets(openGroupNodes(editor, catalog).workflow) : new Map(),
  };
  const faced = new Set([...context.promoted.keys()].map((key) => key.split(':', 1)[0]));
  const fields = Object.keys(prompt).flatMap((nodeId) => fieldsOf(nodeId, context, faced));
  const place = new Map<FieldRole, number>(FIELD_ROLES.map((role, at) => [role, at]));
  return fields.toSorted((a, b) => (place.get(a.role) ?? 0) - (place.get(b.role) ?? 0));
}

interface Context {
  prompt: Prompt;
  catalog: NodeCatalog;
  sides: TextSides;
  /** By node: the inputs of other nodes that its outputs go to. */
  uses: ReadonlyMap<string, { nodeId: string; input: string }[]>;
  promoted: ReadonlyMap<string, PromotedWidget>;
}

function usesOf(prompt: Prompt): Context['uses'] {
  const uses = new Map<string, { nodeId: string; input: string }[]>();
  for (const [nodeId, node] of Object.entries(prompt))
    for (const [input, value] of Object.entries(node.inputs)) {
      if (!isLink(value)) continue;
      const known = uses.get(value[0]);
      if (known) known.push({ nodeId, input });
      else uses.set(value[0], [{ nodeId, input }]);
    }
  return uses;
}

/** `faced`: outermost subgraphs whose author chose what to show. */
function fieldsOf(nodeId: string, context: Context, faced: ReadonlySet<string | undefined>): FormField[] {
  const node = context.prompt[nodeId];
  if (!node) return [];
  const def = context.catalog.get(node.class_type);
  const title = node._meta?.title?.trim() || def?.displayName || node.class_type;
  const chosen = nodeId.includes(':') && faced.has(nodeId.split(':', 1)[0]);
  const live = def && liveInputs(def, node.inputs);
  return Object.entries(node.inputs).flatMap(([input, value]) => {
    if (isLink(value)) return [];
    const known = live?.find(({ name }) => name === input);
    const control = def && !known ? undefined : controlOf(known, node, value);
    if (!control) return [];
    const key = fieldKey(nodeId, input);
    const role = fieldRole(nodeId, input, control, context, def);
    const promoted = context.promoted.get(key);
    const essential = role === 'prompt' || role === 'negative' || role === 'image' || role === 'seed';
    const worth = isWorthChanging(role, input, value) && (!chosen || essential);
    return {
      key,
      nodeId,
      classType: node.class_type,
      input,
      label:
        promoted && promoted.label !== input
          ? readableName(promoted.label)
          : labelOf(input, role, title, node.class_type, def),
      nodeLabel: promoted?.nodeLabel ?? title,
      role,
      shown: promoted !== undefined || worth,
      control,
      value,
    };
  });
}

function fieldRole(
  nodeId: string,
  input: string,
  control: FieldControl,
  { prompt, sides, uses, catalog }: Context,
  def: NodeDef | undefined,
): FieldRole {
  const known = def?.inputs.find((one) => one.name === input);
  const side = sides.positive.has(nodeId) ? 'positive' : sides.negative.has(nodeId) ? 'negative' : undefined;
  const role = roleOf({
    input,
    control,
    side,
    encodes: def?.outputs.some(({ type }) => type === 'CONDITIONING'),
    dynamicPrompts: known?.options['dynamicPrompts'] === true,
  });
  if (role !== 'other' || !isPrimitive(def)) return role;
  // What a primitive's value is for is said by where it goes.
  for (const use of uses.get(nodeId) ?? []) {
    const target = prompt[use.nodeId];
    const targetDef = target && catalog.get(target.class_type);
    const found = isPrimitive(targetDef) ? 'other' : roleOfName(use.input, control);
    if (found !== 'other') return found;
  }
  return 'other';
}

function isPrimitive(def: NodeDef | undefined): boolean {
  return def?.category === PRIMITIVES;
}

function labelOf(input: string, role: FieldRole, title: string, classType: string, def: NodeDef | undefined): string {
  const isOwnTitle = title !== def?.displayName && title !== classType && !PLAIN_TITLE.test(title);
  const speaks = role === 'prompt' || role === 'negative' || role === 'image' || isPrimitive(def);
  if (isOwnTitle && speaks && (def?.inputs.length ?? 0) <= 2) return title;
  if (role === 'prompt' && /^(text|value|prompt)$/.test(input)) return 'Prompt';
  if (role === 'negative') return 'Negative prompt';
  if (isPrimitive(def)) return title;
  return readableName(input);
}
