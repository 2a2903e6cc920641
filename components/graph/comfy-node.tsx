'use client';
import type { Node, NodeProps } from '@xyflow/react';
import clsx from 'clsx';
import { Boxes } from 'lucide-react';
import { memo } from 'react';
import { useDetail } from './detail.ts';
import { surface } from './file-colours.ts';
import { useIsShown, useMark } from './mark-context.ts';
import { NodeBody } from './node-body.tsx';
import { TITLE_PX, type PlacedNode } from './node-box.ts';
import type { NodeMark } from './node-marks.ts';
import { STATE_FACES } from './state-faces.ts';

export type FlowNode = Node<{ node: PlacedNode; onPick: boolean }, 'comfy'>;

/** The violet by which people know a bypassed node. */
const BYPASSED = '#6d2f6d';
/** Of a title that is read from some way off. */
const LARGE_TITLE_PX = 26;

/** One node as ComfyUI draws it, with what became of it. Drawn anew only when that or the distance changes. */
export const ComfyNode = memo(function ComfyNode({ data: { node, onPick } }: NodeProps<FlowNode>) {
  const detail = useDetail();
  const mark = useMark(node.id);
  const isShown = useIsShown(node.id);
  const face = mark && STATE_FACES[mark.state];
  const isBypassed = node.mode === 'bypassed';
  return (
    <div
      data-node={node.id}
      data-state={mark?.state}
      data-shown={isShown || undefined}
      style={{ width: node.width, height: node.height }}
      className={clsx(
        'relative overflow-hidden rounded-lg border-2 bg-page shadow-sm',
        face?.edge ?? 'border-line',
        isShown && 'outline-4 outline-offset-4 outline-accent',
        onPick && 'cursor-pointer',
      )}
    >
      <div
        style={detail === 'none' ? {} : surface(isBypassed ? BYPASSED : node.background)}
        className={clsx(
          'flex h-full flex-col',
          detail === 'none' ? (face?.fill ?? 'bg-raised') : 'bg-surface',
          node.mode !== 'normal' ? 'opacity-45' : isStill(mark) && 'opacity-70',
        )}
      >
        {node.kind !== 'reroute' && detail !== 'none' && <Title node={node} mark={mark} large={detail === 'titles'} />}
        {detail === 'all' && !node.collapsed && <NodeBody node={node} />}
        {detail === 'none' && face && (
          <face.Icon
            className={clsx('absolute inset-0 m-auto size-3/5 max-h-24', isStill(mark) ? face.sign : 'text-page')}
            strokeWidth={3}
            aria-hidden
          />
        )}
      </div>
      {mark?.state === 'running' && mark.part !== undefined && (
        <span
          style={{ width: `${mark.part * 100}%` }}
          className="absolute bottom-0 left-0 h-1.5 bg-accent motion-safe:transition-[width] motion-safe:duration-200"
        />
      )}
    </div>
  );
});

/** Whether nothing has become of it. */
function isStill(mark: NodeMark | undefined): boolean {
  return mark?.state === 'waiting' || mark?.state === 'not_run';
}

/** With a place to break between the words of `CheckpointLoaderSimple`. */
function breakable(title: string): string {
  return title.replaceAll(/([a-z])(?=[A-Z])/g, '$1\u200B');
}

function Title({ node, mark, large }: { node: PlacedNode; mark: NodeMark | undefined; large: boolean }) {
  const face = mark && STATE_FACES[mark.state];
  const words = node.mode === 'normal' ? face?.word : node.mode;
  const size = large ? Math.min(LARGE_TITLE_PX, node.height * 0.6) : 14;
  const lines = Math.max(1, Math.floor(node.height / (size * 1.25)));
  return (
    <div
      style={{ fontSize: size, ...(!large && { height: TITLE_PX }), ...surface(node.color) }}
      className={clsx(
        'flex shrink-0 items-center gap-1.5 bg-raised px-2 leading-tight font-medium',
        large ? 'h-full' : 'whitespace-nowrap',
      )}
    >
      {face && <face.Icon size="1.1em" strokeWidth={2.5} aria-hidden className={clsx('shrink-0', face.sign)} />}
      {node.kind === 'subgraph' && <Boxes size="1.1em" aria-hidden className="shrink-0 opacity-70" />}
      <span
        style={{ ...(large && { WebkitLineClamp: lines }) }}
        className={clsx('min-w-0 flex-1', large ? 'line-clamp-1 break-words' : 'truncate')}
      >
        {large ? breakable(node.title) : node.title}
      </span>
      {!large && words && <span className="shrink-0 text-xs font-normal opacity-80">{words}</span>}
    </div>
  );
}
