'use client';
import { useMemo } from 'react';
import type { WorkflowCheck } from '../../lib/protocol/workflows.ts';
import type { FormValues } from '../../lib/workflow/form/form-field.ts';
import type { DisplayGraph } from '../../lib/workflow/graph/display-graph.ts';
import type { NodeMarks } from '../graph/node-marks.ts';
import { WorkflowGraph } from '../graph/workflow-graph.tsx';
import type { Verdict } from './check-problems.ts';
import { countText } from './found-bar.tsx';

/** The workflow as a graph, with the values as they are edited; nodes that keep it from running are marked. */
export function GraphPane({
  graph,
  values,
  check,
  verdict,
  looked,
  onPick,
}: {
  graph: DisplayGraph;
  values: FormValues;
  check: WorkflowCheck | undefined;
  verdict: Verdict;
  looked: { id: string; quiet?: true } | undefined;
  onPick: (id: string) => void;
}) {
  const marks = useMemo<NodeMarks>(() => {
    if (!check || verdict.runs === 'now') return new Map();
    const ids = check.pods.flatMap(({ problems }) => problems.flatMap(({ nodeId }) => nodeId ?? []));
    return new Map(ids.map((id) => [id, { state: 'problem' }]));
  }, [check, verdict]);
  return (
    <WorkflowGraph
      graph={graph}
      marks={marks}
      edits={values}
      {...(looked && { shown: looked })}
      onPick={onPick}
      label={`The workflow, ${countText(graph.nodes.length)}`}
    />
  );
}
