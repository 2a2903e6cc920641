import { nodeIdsOf } from '../../lib/jobs/node-states.ts';
import { readEditorWorkflow } from '../../lib/workflow/editor/editor-workflow.ts';
import type { DisplayGraph } from '../../lib/workflow/graph/display-graph.ts';
import { graphOfEditor } from '../../lib/workflow/graph/graph-of-editor.ts';
import { graphOfPrompt } from '../../lib/workflow/graph/graph-of-prompt.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { drawnNodeOf } from '../graph/node-marks.ts';

/** A job's workflow to be drawn, and the ids of its prompt's nodes in the order in which their states are told. */
export interface DrawnJob {
  graph: DisplayGraph;
  nodeIds: string[];
}

/** As the editor saved it, where that shows every node that runs; else by its prompt. */
export function drawnJob({ prompt, workflow }: { prompt: Prompt; workflow?: unknown }): DrawnJob {
  const nodeIds = nodeIdsOf(prompt);
  const saved = readEditorWorkflow(workflow);
  const graph = saved.ok ? graphOfEditor(saved.workflow) : undefined;
  const drawn = new Set(graph?.nodes.map(({ id }) => id));
  const showsAll = nodeIds.every((id) => drawnNodeOf(id, (held) => drawn.has(held)) !== undefined);
  return { graph: graph && showsAll ? graph : graphOfPrompt(prompt), nodeIds };
}
