/** `[type or choices, options?]`, as in `/object_info`. */
export type InputConfig = [string | readonly string[], Record<string, unknown>?];

export interface NodeDefinition {
  input: {
    required: Record<string, InputConfig>;
    optional?: Record<string, InputConfig>;
    hidden?: Record<string, string>;
  };
  input_order: Record<string, string[]>;
  output: string[];
  output_is_list: boolean[];
  output_name: string[];
  name: string;
  display_name: string;
  description: string;
  python_module: string;
  category: string;
  output_node: boolean;
  output_tooltips?: string[];
}
export type NodeDefinitions = Record<string, NodeDefinition>;

interface NodeFacts {
  title?: string;
  category: string;
  description?: string;
  module?: string;
  required: Record<string, InputConfig>;
  output?: string[];
  tooltips?: string[];
  /** It saves something: a prompt needs at least one such node. */
  saves?: boolean;
  /** It writes prompt and workflow into its files. */
  hidden?: Record<string, string>;
}

/** The largest seed, 2⁶⁴ − 1, which a number cannot hold. */
export const MAX_SEED = 18_446_744_073_709_551_615n;

/** A class as `/object_info` describes it. */
export function defineNode(name: string, facts: NodeFacts): NodeDefinition {
  const output = facts.output ?? [];
  return {
    input: { required: facts.required, ...(facts.hidden ? { hidden: facts.hidden } : {}) },
    input_order: {
      required: Object.keys(facts.required),
      ...(facts.hidden ? { hidden: Object.keys(facts.hidden) } : {}),
    },
    output,
    output_is_list: output.map(() => false),
    output_name: output,
    name,
    display_name: facts.title ?? name,
    description: facts.description ?? '',
    python_module: facts.module ?? 'nodes',
    category: facts.category,
    output_node: facts.saves ?? false,
    ...(facts.tooltips ? { output_tooltips: facts.tooltips } : {}),
  };
}
