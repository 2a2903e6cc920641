import { readWorkflow } from '../../lib/workflow/read-workflow.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { layoutGraph, type WorkflowGraph } from './graph-layout.ts';

export type Reading = { ok: true; prompt: Prompt; graph: WorkflowGraph | null } | { ok: false; message: string };

/** What a text is understood as, ready to be drawn. Loaded when the first text is there: it brings the schemas along. */
export function readText(text: string): Reading {
  const read = readWorkflow(text);
  return read.ok ? { ...read, graph: layoutGraph(read.prompt) } : read;
}
