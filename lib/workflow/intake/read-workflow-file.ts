import { MAX_WORKFLOW_BYTES, type ByteSource, type Intake } from './intake.ts';
import { readWorkflowText } from './read-workflow-value.ts';

/** Finds the workflow in a file, whose kind is told by its content. */
export async function readWorkflowFile(source: ByteSource): Promise<Intake> {
  return readWorkflowText(new TextDecoder().decode(await source.read(0, Math.min(source.size, MAX_WORKFLOW_BYTES))));
}
