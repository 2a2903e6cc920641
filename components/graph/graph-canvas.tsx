'use client';
import { ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react';
import {
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type RefObject,
} from 'react';
import type { FormValues } from '../../lib/workflow/form/form-field.ts';
import type { FlowNode } from './comfy-node.tsx';
import { EditContext } from './edit-context.ts';
import { FIT, Flow } from './flow.tsx';
import { GraphControls, type GraphControlsProps } from './graph-controls.tsx';
import { MarkContext } from './mark-context.ts';
import { createMarkStore } from './mark-store.ts';
import { isInView, moveOf, turnMs } from './moves.ts';
import { drawnNodeOf, type NodeMarks } from './node-marks.ts';
import type { PlacedNode } from './node-box.ts';
import { placeGraph, type PlacedGraph } from './place-graph.ts';
import type { WorkflowGraphProps } from './workflow-graph.tsx';

/** Near enough to read the node that was asked for. */
const READING_ZOOM = 0.8;
const NO_EDITS: FormValues = {};

export interface GraphCanvasProps extends WorkflowGraphProps, Omit<GraphControlsProps, 'fit'> {
  /** By the ids of the graph's nodes. */
  marks: NodeMarks;
  /** What has the focus and takes the keys. */
  frame: RefObject<HTMLElement | null>;
}

/** The drawn graph. Seen and moved with the pointer; for those who do not see it there is the list beside it. */
export function GraphCanvas(props: GraphCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ graph, marks, edits = NO_EDITS, shown, onPick, frame, isLarge, onLarge }: GraphCanvasProps) {
  const flow = useReactFlow<FlowNode>();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const [isReady, setIsReady] = useState(false);
  const [store] = useState(createMarkStore);
  const placed = useMemo(() => placeGraph(graph), [graph]);
  const isPickable = onPick !== undefined;
  const nodes = useMemo(() => placed.nodes.map((node) => flowNode(node, isPickable)), [placed, isPickable]);
  const drawn = useMemo(() => new Set(graph.nodes.map(({ id }) => id)), [graph]);
  const shownId = shown && drawnNodeOf(shown.id, (id) => drawn.has(id));
  useLayoutEffect(() => store.set(marks, shownId), [store, marks, shownId]);

  const fit = () => void flow.fitView({ ...FIT, duration: turnMs() });
  const refit = useEffectEvent((_to: PlacedGraph, _within: number) => void flow.fitView(FIT));
  useEffect(() => {
    if (isReady) refit(placed, height);
  }, [isReady, placed, height]);
  const show = useEffectEvent(() => {
    const node = placed.nodes.find(({ id }) => id === shownId);
    if (!node) return;
    if (shown?.quiet && isInView(node, { ...flow.getViewport(), width, height })) return;
    const zoom = shown?.quiet ? flow.getZoom() : Math.max(flow.getZoom(), READING_ZOOM);
    void flow.setCenter(node.x + node.width / 2, node.y + node.height / 2, { zoom, duration: turnMs() });
  });
  useEffect(() => {
    if (isReady && shown) show();
  }, [isReady, shown]);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const move = event.target === frame.current ? moveOf(event) : undefined;
    if (!move) return;
    event.preventDefault();
    if (move === 'fit') fit();
    else if (move === 'in') void flow.zoomIn({ duration: turnMs() });
    else if (move === 'out') void flow.zoomOut({ duration: turnMs() });
    else {
      const { x, y, zoom } = flow.getViewport();
      void flow.setViewport({ x: x + move.x, y: y + move.y, zoom }, { duration: turnMs() });
    }
  });
  useEffect(() => {
    const held = frame.current;
    if (!held) return;
    const press = (event: KeyboardEvent) => onKey(event);
    held.addEventListener('keydown', press);
    held.addEventListener('touchstart', leaveToPage, { capture: true });
    return () => {
      held.removeEventListener('keydown', press);
      held.removeEventListener('touchstart', leaveToPage, { capture: true });
    };
  }, [frame]);

  const picked = useRef(onPick);
  useEffect(() => {
    picked.current = onPick;
  }, [onPick]);
  const pick = useCallback((id: string) => picked.current?.(id), []);
  const ready = useCallback(() => setIsReady(true), []);
  return (
    <MarkContext value={store}>
      <div aria-hidden className="size-full">
        <EditContext value={edits}>
          <Flow placed={placed} nodes={nodes} onReady={ready} onPick={pick} />
        </EditContext>
      </div>
      <GraphControls isLarge={isLarge} onLarge={onLarge} fit={fit} />
    </MarkContext>
  );
}

function flowNode(node: PlacedNode, onPick: boolean): FlowNode {
  const { id, x, y, width, height } = node;
  return { id, type: 'comfy', position: { x, y }, width, height, data: { node, onPick } };
}

/** One finger scrolls the page: the graph hears of two. */
function leaveToPage(event: TouchEvent): void {
  if (event.touches.length < 2) event.stopPropagation();
}
