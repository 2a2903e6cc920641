import type { PodView } from '../../lib/protocol/pods.ts';
import { TimeAgo } from '../time/time-ago.tsx';
import { MemoryBar } from './memory-bar.tsx';
import { BREAKER_WORDS, LINK_WORDS } from './pod-sentence.ts';

/** Where a pod is, what runs there, how it is reached and what memory it has. */
export function PodFacts({ pod }: { pod: PodView }) {
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-xs">
        <dt className="text-muted">Address</dt>
        <dd className="font-mono break-all">{pod.url}</dd>
        <dt className="text-muted">ComfyUI</dt>
        <dd>{pod.version ?? 'version not known yet'}</dd>
        <dt className="text-muted">News</dt>
        <dd>{LINK_WORDS[pod.link]}</dd>
        <dt className="text-muted">Breaker</dt>
        <dd>{BREAKER_WORDS[pod.breaker]}</dd>
        <dt className="text-muted">Checked</dt>
        <dd>{pod.checkedAt ? <TimeAgo at={pod.checkedAt} /> : 'not yet'}</dd>
      </dl>
      {(pod.devices.length > 0 || pod.ram) && (
        <div className="grid grid-cols-1 gap-2">
          {pod.devices.map((device) => (
            <MemoryBar
              key={device.name}
              label={`VRAM · ${device.name}`}
              total={device.vramTotal}
              free={device.vramFree}
            />
          ))}
          {pod.ram && <MemoryBar label="RAM" {...pod.ram} />}
        </div>
      )}
    </>
  );
}
