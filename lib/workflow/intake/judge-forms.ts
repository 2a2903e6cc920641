import { readEditorWorkflow } from '../editor/editor-workflow.ts';
import { disagreement } from './agreement.ts';
import type { FoundWorkflow, Intake, IntakeSource } from './intake.ts';
import type { RawForms } from './raw-forms.ts';
import { readPrompt } from './read-prompt.ts';

/** Reads the forms that were found; one that cannot be read is a note where the other can. `null`: there was none. */
export function judgeForms(source: IntakeSource, forms: RawForms): Intake | null {
  const editor = forms.editor === undefined ? null : readEditorWorkflow(forms.editor);
  const prompt = forms.prompt === undefined ? null : readPrompt(forms.prompt);
  const faults = [editor, prompt].flatMap((read) => (read === null || read.ok ? [] : [read.message]));
  const found: FoundWorkflow = { source, notes: [...forms.notes, ...faults] };
  if (editor?.ok === true && editor.workflow.nodes.length > 0) found.editor = editor.workflow;
  if (prompt?.ok === true) {
    found.prompt = prompt.prompt;
    found.notes.push(...prompt.notes);
  }
  if (found.editor !== undefined && found.prompt !== undefined) {
    const note = disagreement(found.editor, found.prompt);
    if (note !== null) found.notes.push(note);
  }
  if (found.editor !== undefined || found.prompt !== undefined) return { ok: true, found };
  if (faults.length > 0) return { ok: false, message: faults.join(' ') };
  return editor === null ? null : { ok: false, message: 'The workflow has no nodes.' };
}
