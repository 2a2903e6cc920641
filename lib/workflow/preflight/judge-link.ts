import type { NodeCatalog } from '../catalog/node-catalog.ts';
import { nodeLabel, short } from '../node-label.ts';
import type { Prompt } from '../prompt.ts';
import type { JudgedInput } from './judge-value.ts';
import { comparesLinkTypes } from './own-checks.ts';
import type { WorkflowProblem } from './problem.ts';

/** Types that go with any other. Source: `validate_node_input` of ComfyUI; what of a kind with what is the editor's affair. */
const ANY_TYPE: ReadonlySet<string> = new Set(['*', 'COMFY_MATCHTYPE_V3']);

/** The node a sound link comes from, or what is wrong with it. */
type JudgedLink = { from: string } | { problem: WorkflowProblem };

/** A list where an input is: always a link to ComfyUI, whatever is in it. */
export function judgeLink(
  about: JudgedInput,
  link: readonly unknown[],
  prompt: Prompt,
  catalog: NodeCatalog,
): JudgedLink {
  const { def, input } = about;
  if (link.length !== 2) {
    const is = `is a list of ${link.length} values`;
    return wrong(about, 'bad_linked_input', `${is}; link it to one output of a node or give one value`);
  }
  const [from, slot] = link;
  const source = typeof from === 'string' && Object.hasOwn(prompt, from) ? prompt[from] : undefined;
  if (typeof from !== 'string' || !source) {
    const whence = short(typeof from === 'object' ? 'something' : String(from), 50);
    const text = `is linked to node ${whence}, which the workflow does not have; link it to one that it has`;
    return wrong(about, 'bad_linked_input', text);
  }
  const outputs = catalog.get(source.class_type)?.outputs;
  if (!outputs) return { from };
  const label = nodeLabel(from, prompt, source.class_type);
  const index = outputIndex(slot, outputs.length);
  const output = index === undefined ? undefined : outputs[index];
  if (!output) {
    const has = outputs.length === 1 ? 'one output' : `${outputs.length} outputs`;
    const text = `is linked to an output that ${label} does not have; it has ${has}, link it to one of them`;
    return wrong(about, 'bad_linked_input', text);
  }
  if (comparesLinkTypes(def) && !goTogether(output.type, input.type)) {
    const text = `takes ${short(input.type, 60)}, but is linked to ${short(output.type, 60)} of ${label}; link it to an output of its own type`;
    return wrong(about, 'return_type_mismatch', text);
  }
  return { from };
}

/** Python counts from the end where an index is below 0, and takes `true` for 1. */
function outputIndex(slot: unknown, count: number): number | undefined {
  const index = typeof slot === 'boolean' ? Number(slot) : slot;
  if (typeof index !== 'number' || !Number.isInteger(index)) return undefined;
  return index < 0 ? index + count : index;
}

function goTogether(received: string, wanted: string): boolean {
  if (received === wanted || ANY_TYPE.has(received) || ANY_TYPE.has(wanted)) return true;
  const types = new Set(partsOf(received));
  const wants = partsOf(wanted);
  return types.has('*') || wants.some((type) => type === '*' || types.has(type));
}

function partsOf(type: string): string[] {
  return type.split(',').map((part) => part.trim());
}

function wrong({ nodeId, label, def, input }: JudgedInput, code: WorkflowProblem['code'], text: string): JudgedLink {
  const message = `The input ${short(input.name, 80)} of ${label} ${text}.`;
  return { problem: { code, message, nodeId, classType: def.classType, input: input.name } };
}
