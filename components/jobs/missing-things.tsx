'use client';
import { CircleCheck } from 'lucide-react';
import type { MissingThing } from '../../lib/jobs/job-error.ts';
import type { JobOutlook } from '../../lib/protocol/jobs.ts';
import { ShowNode } from './show-node.tsx';

const KINDS: Record<MissingThing['kind'], string> = { model: 'Model', file: 'File', node_type: 'Node' };

/** What a pod would need, and where it would be put. */
export function MissingThings({
  things,
  onShowNode,
}: {
  things: readonly MissingThing[];
  onShowNode: ((nodeId: string) => void) | undefined;
}) {
  return (
    <ul aria-label="What is missing" className="mt-3 grid gap-2">
      {things.map((thing) => (
        <li key={`${thing.kind} ${thing.name} ${thing.nodeId} ${thing.input}`} className="border-l-2 border-bad pl-3">
          <p className="break-words">
            <span className="text-muted">{KINDS[thing.kind]}</span> <code className="font-mono">{thing.name}</code>
          </p>
          <p className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
            {thing.folder !== undefined && (
              <span>
                goes into <code className="font-mono break-all">{thing.folder}</code> of the pod’s ComfyUI folder
              </span>
            )}
            {thing.kind !== 'node_type' && thing.classType !== undefined && <span>for {thing.classType}</span>}
            {thing.nodeId !== undefined && <ShowNode nodeId={thing.nodeId} onShowNode={onShowNode} />}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Whether a retry would work now, as the pods say. */
export function OutlookLine({ outlook }: { outlook: JobOutlook | null }) {
  return (
    <p role="status" className="mt-3 flex gap-2">
      {outlook === null ? (
        <span className="text-muted">Podium asks the pods whether they have it now…</span>
      ) : outlook.works === 'yes' ? (
        <>
          <CircleCheck size={16} aria-hidden className="mt-0.5 shrink-0 text-good" />
          <span className="font-medium text-good">{outlook.sentence}</span>
        </>
      ) : (
        <span className="text-muted">{outlook.sentence}</span>
      )}
    </p>
  );
}
