import type { Intake } from '../../lib/workflow/intake/intake.ts';
import { readWorkflowFile } from '../../lib/workflow/intake/read-workflow-file.ts';
import { readWorkflowText, readWorkflowValue } from '../../lib/workflow/intake/read-workflow-value.ts';

/** What a person brings: text, a file, or a workflow that Podium itself had kept. */
export type Brought = { text: string } | { file: File } | { value: unknown };

/**
 * Finds the workflow in what was brought. Files are read by range, so that a large video is not loaded. Loaded when it is
 * first needed: it brings the readers of all kinds of files along.
 */
export function readInput(brought: Brought): Promise<Intake> | Intake {
  if ('text' in brought) return readWorkflowText(brought.text);
  if ('value' in brought) return readWorkflowValue(brought.value);
  const { file } = brought;
  return readWorkflowFile({
    size: file.size,
    name: file.name,
    read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
  });
}
