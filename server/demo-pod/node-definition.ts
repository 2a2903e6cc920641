/** `[type or choices, options?]`, as in `/object_info`. */
export type InputConfig = [string | string[], Record<string, unknown>?];

export interface NodeDefinition {
  input: { required: Record<string, unknown[]>; optional?: Record<string, unknown[]>; hidden?: Record<string, string> };
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
