import type { Prompt } from '../prompt.ts';

/** What became of an editor workflow. */
export interface Converted {
  prompt: Prompt;
  /** Nodes whose class the catalog does not have; they are in the prompt, with what the file says of their inputs. */
  unknown: { nodeId: string; classType: string }[];
  /** Sentences a person should read: what was left out or could not be judged. */
  notes: string[];
}
