'use client';
import '@xyflow/react/dist/base.css';
import './graph.css';
import { ReactFlow } from '@xyflow/react';
import { memo } from 'react';
import { Backdrop } from './backdrop.tsx';
import { ComfyNode, type FlowNode } from './comfy-node.tsx';
import { OverView } from './over-view.tsx';
import type { PlacedGraph } from './place-graph.ts';

const NODE_TYPES = { comfy: ComfyNode };
/** With fewer nodes one sees the whole anyway. */
const OVERVIEW_FROM_NODES = 60;
const MIN_ZOOM = 0.04;
export const FIT = { padding: 0.06, maxZoom: 1 };

interface FlowProps {
  placed: PlacedGraph;
  nodes: FlowNode[];
  onReady: () => void;
  onPick: (id: string) => void;
}

/** The moving picture. All its nodes are drawn anew when a prop changes, so that none does while a job runs. */
export const Flow = memo(function Flow({ placed, nodes, onReady, onPick }: FlowProps) {
  return (
    <ReactFlow
      nodes={nodes}
      nodeTypes={NODE_TYPES}
      onInit={onReady}
      onNodeClick={(_event, { id }) => onPick(id)}
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
  );
});
