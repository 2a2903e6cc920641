import type { WorkflowCheck } from '../../lib/protocol/workflows.ts';
import { readCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import { formOf } from '../../lib/workflow/form/form-of.ts';
import type { FormField } from '../../lib/workflow/form/form-field.ts';
import { promptKey } from '../../lib/workflow/form/prompt-key.ts';
import { readRemembered, rememberedFor, type RememberedWorkflow } from '../../lib/workflow/form/remembered-values.ts';
import type { DisplayGraph } from '../../lib/workflow/graph/display-graph.ts';
import { graphOfEditor } from '../../lib/workflow/graph/graph-of-editor.ts';
import { graphOfPrompt } from '../../lib/workflow/graph/graph-of-prompt.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { orderedByTemplate } from './template-fields.ts';
import type { Loaded } from './use-intake.ts';
import type { UsedForm } from './used-form.ts';
import { heldText } from './remembered-store.ts';

/** A workflow ready to be edited. */
export interface Prepared {
  /** As it was brought, in API form. */
  prompt: Prompt;
  fields: FormField[];
  graph: DisplayGraph;
  /** Names the workflow where its last values are kept. */
  key: string;
  remembered?: RememberedWorkflow;
}

/** Makes the form and the graph of a workflow by what the pods' classes define. */
export function prepareForm(loaded: Loaded, use: UsedForm, check: WorkflowCheck): Prepared {
  const { prompt } = check;
  const catalog = readCatalog(check.definitions);
  const editor = use === 'prompt' ? undefined : loaded.found.editor;
  const fields = orderedByTemplate(formOf(prompt, catalog, editor), loaded.fields);
  const key = promptKey(prompt, fields);
  const remembered = loaded.remembers ? rememberedFor(readRemembered(heldText()), key, fields) : undefined;
  return {
    prompt,
    fields,
    graph: editor ? graphOfEditor(editor, catalog) : graphOfPrompt(prompt, catalog),
    key,
    ...(remembered && { remembered }),
  };
}
