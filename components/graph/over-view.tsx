'use client';
import { MiniMap, type MiniMapNodeProps } from '@xyflow/react';
import clsx from 'clsx';
import { useMark } from './mark-context.ts';
import type { NodeState } from './node-marks.ts';

const FILLS: Partial<Record<NodeState, string>> = {
  running: 'fill-accent',
  cached: 'fill-good',
  done: 'fill-good',
  failed: 'fill-bad',
  problem: 'fill-bad',
  stopped: 'fill-warn',
};

/** The whole of a large workflow, small, to find one's way. */
export function OverView() {
  return <MiniMap pannable zoomable nodeComponent={SmallNode} className="m-2! border max-sm:hidden" />;
}

function SmallNode({ id, x, y, width, height }: MiniMapNodeProps) {
  const mark = useMark(id);
  return (
    <rect x={x} y={y} width={width} height={height} className={clsx((mark && FILLS[mark.state]) ?? 'fill-edge')} />
  );
}
