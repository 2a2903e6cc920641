/** What a field is for, in the order of the form. */
export const FIELD_ROLES = [
  'prompt',
  'negative',
  'image',
  'seed',
  'model',
  'lora',
  'size',
  'steps',
  'cfg',
  'sampler',
  'length',
  'other',
] as const;
export type FieldRole = (typeof FIELD_ROLES)[number];

/** How a field is edited. Numbers are ComfyUI's: seeds go up to 2^64 − 1 there and are kept below 2^53 here. */
export type FieldControl =
  | { kind: 'text'; multiline: boolean }
  | { kind: 'number'; integer: boolean; min?: number; max?: number; step?: number }
  | { kind: 'choice'; choices: readonly string[] }
  | { kind: 'switch' }
  /** A file that the pod needs: uploaded here, or one that pods have (`choices`). */
  | { kind: 'file'; accepts: 'image' | 'video' | 'audio' | 'any'; choices: readonly string[] };

/** One input of a prompt that a person may change. */
export interface FormField {
  /** `nodeId` and input joined by a slash: unique within a prompt. */
  key: string;
  nodeId: string;
  classType: string;
  input: string;
  label: string;
  /** The node's name for a person: its title, or that of the subgraph it was promoted on. */
  nodeLabel: string;
  role: FieldRole;
  /** Whether the form shows it at once: it has a role that people change, or the workflow's author promoted it. */
  shown: boolean;
  control: FieldControl;
  /** As the workflow has it. */
  value: unknown;
}

/** New values by `FormField.key`. */
export type FormValues = Readonly<Record<string, unknown>>;
export const fieldKey = (nodeId: string, input: string): string => `${nodeId}/${input}`;
