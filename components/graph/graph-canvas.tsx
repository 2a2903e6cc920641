'use client';
import '@xyflow/react/dist/base.css';
import './graph.css';
import { ReactFlow, ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react';
import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useState, type RefObject } from 'react';
import { Backdrop } from './backdrop.tsx';
import { ComfyNode, type FlowNode } from './comfy-node.tsx';
import { GraphControls, type GraphControlsProps } from './graph-controls.tsx';
import { MarkContext } from './mark-context.ts';
import { createMarkStore } from './mark-store.ts';
import { moveOf, turnMs } from './moves.ts';
import type { PlacedNode } from './node-box.ts';
import { drawnNodeOf, type NodeMarks } from './node-marks.ts';
import { OverView } from './over-view.tsx';
import { placeGraph, type PlacedGraph } from './place-graph.ts';
import type { WorkflowGraphProps } from './workflow-graph.tsx';

const NODE_TYPES = { comfy: ComfyNode };
/** With fewer nodes one sees the whole anyway. */
const OVERVIEW_FROM_NODES = 60;
const FIT = { padding: 0.06, maxZoom: 1 };
const MIN_ZOOM = 0.04;
/** Near enough to read the node that was asked for. */
const READING_ZOOM = 0.8;

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

function Canvas({ graph, marks, shown, onPick, frame, isLarge, onLarge }: GraphCanvasProps) {
  const flow = useReactFlow<FlowNode>();
  const height = useStore((state) => state.height);
  const width = useStore((state) => state.width);
  const [isReady, setIsReady] = useState(false);
  const [store] = useState(createMarkStore);
  const placed = useMemo(() => placeGraph(graph), [graph]);
  const isPickable = onPick !== undefined;
  const nodes = useMemo(() => placed.nodes.map((node) => flowNode(node, isPickable)), [placed, isPickable]);
  const drawn = useMemo(() => new Set(graph.nodes.map(({ id }) => id)), [graph]);
  const shownId = shown && drawnNodeOf(shown.id, (id) => drawn.has(id));
  useLayoutEffect(() => store.set(marks, shownId), [store, marks, shownId]);

  const fit = () => void flow.fitView({ ...FIT, duration: turnMs() });
  const isInSight = (node: PlacedNode) => {
    const { x, y, zoom } = flow.getViewport();
    const [left, top] = [node.x * zoom + x, node.y * zoom + y];
    return left >= 0 && top >= 0 && left + node.width * zoom <= width && top + node.height * zoom <= height;
  };
  const show = useEffectEvent(() => {
    const node = placed.nodes.find(({ id }) => id === shownId);
    if (!node || (shown?.quiet && isInSight(node))) return;
    const zoom = shown?.quiet ? flow.getZoom() : Math.max(flow.getZoom(), READING_ZOOM);
    void flow.setCenter(node.x + node.width / 2, node.y + node.height / 2, { zoom, duration: turnMs() });
  });
  useEffect(() => {
    if (isReady && shown) show();
  }, [isReady, shown]);
  const refit = useEffectEvent((_to: PlacedGraph, _within: number) => void flow.fitView(FIT));
  useEffect(() => {
    if (isReady) refit(placed, height);
  }, [isReady, placed, height]);

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

  return (
    <MarkContext value={store}>
      <div aria-hidden className="size-full">
        <ReactFlow
          nodes={nodes}
          nodeTypes={NODE_TYPES}
          onInit={() => setIsReady(true)}
          {...(onPick && { onNodeClick: (_event: unknown, { id }: FlowNode) => onPick(id) })}
          onlyRenderVisibleElements
          fitView
          fitViewOptions={FIT}
          minZoom={MIN_ZOOM}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          panActivationKeyCode={null}
          zoomOnScroll={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
          proOptions={{ hideAttribution: true }}
        >
          <Backdrop groups={placed.groups} links={placed.links} />
          {nodes.length >= OVERVIEW_FROM_NODES && <OverView />}
        </ReactFlow>
      </div>
      <GraphControls isLarge={isLarge} onLarge={onLarge} fit={fit} />
    </MarkContext>
  );
}

function flowNode(node: FlowNode['data']['node'], onPick: boolean): FlowNode {
  const { id, x, y, width, height } = node;
  return { id, type: 'comfy', position: { x, y }, width, height, data: { node, onPick } };
}

/** One finger scrolls the page: the graph hears of two. */
function leaveToPage(event: TouchEvent): void {
  if (event.touches.length < 2) event.stopPropagation();
}
