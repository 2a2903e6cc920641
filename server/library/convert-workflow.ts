import { readCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import { convertWorkflow as convert } from '../../lib/workflow/convert/convert-workflow.ts';
import type { Converted } from '../../lib/workflow/convert/converted.ts';
import { readEditorWorkflow } from '../../lib/workflow/editor/editor-workflow.ts';

/**
 * What ComfyUI's own editor would export as API form of a workflow it saved. `objectInfo`: what a pod answered to
 * `GET /object_info`; without it, inputs are known only as far as the file says them.
 * @throws TypeError where the workflow is not one that the editor saved
 */
export function convertWorkflow(workflow: unknown, objectInfo: unknown = {}): Converted {
  const read = readEditorWorkflow(workflow);
  if (!read.ok) throw new TypeError(read.message);
  return convert(read.workflow, readCatalog(objectInfo));
}
