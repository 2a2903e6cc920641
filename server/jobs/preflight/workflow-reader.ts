import { convertWorkflow } from '../../../lib/workflow/convert/convert-workflow.ts';
import type { EditorWorkflow } from '../../../lib/workflow/editor/editor-workflow.ts';
import { packsOf } from '../../../lib/workflow/preflight/packs.ts';
import type { StoredWorkflow } from '../job-store.ts';
import type { DefinedNodes } from './defined-nodes.ts';
import { readSubmitted, requireNodes } from '../submitted-workflow.ts';

export interface ReadSubmission {
  stored: StoredWorkflow;
  /** The node pack of each class, where the workflow says it. */
  packs?: ReadonlyMap<string, string>;
  /** Sentences a person should read. */
  notes: string[];
}

/** Reads a submitted workflow of any form; the editor's becomes a prompt by what the pods have. */
export class WorkflowReader {
  constructor(private readonly nodes: Pick<DefinedNodes, 'catalog'>) {}

  /** `podId`: by what this pod has, else by what any has. @throws DeskError `invalid_workflow` */
  async read(workflow: Record<string, unknown>, podId?: string): Promise<ReadSubmission> {
    const submitted = readSubmitted(workflow);
    const { editor, notes } = submitted;
    const packs = editor && packsOf(editor);
    const about = packs && packs.size > 0 ? { packs } : {};
    if (submitted.prompt) {
      const { prompt, saved } = submitted;
      const stored = { prompt, ...(saved !== undefined && { workflow: saved }) };
      return { stored, ...about, notes };
    }
    return { ...(await this.converted(submitted.editor, podId, notes)), ...about };
  }

  private async converted(editor: EditorWorkflow, podId: string | undefined, notes: string[]) {
    const converted = convertWorkflow(editor, await this.nodes.catalog(podId));
    requireNodes(converted.prompt);
    return {
      stored: { prompt: converted.prompt, workflow: editor.raw },
      notes: [...notes, ...converted.notes],
    };
  }
}
