'use client';
import Link from 'next/link';
import type { PodView } from '../../lib/protocol/pods.ts';
import { useLivePods } from '../hooks/use-live-pods.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';

function Memory({ label, total, free }: { label: string; total: number; free: number }) {
  const gb = (bytes: number) => (bytes / 1024 ** 3).toFixed(1);
  return (
    <div>
      <span className="tabular-nums">
        {label}: {gb(total - free)} of {gb(total)} GB used
      </span>
      <ProgressBar percent={total > 0 ? ((total - free) / total) * 100 : 0} label={label} />
    </div>
  );
}

export function PodList({ first }: { first: PodView[] }) {
  const pods = useLivePods(first);
  return (
    <ul className="grid gap-4 md:grid-cols-2">
      {pods.map((pod) => (
        <li key={pod.id} className="grid gap-2 rounded border border-line p-4">
          <h2 className="font-semibold">
            {pod.name} {pod.demo && '(demo)'}
          </h2>
          <p aria-live="polite">
            {pod.state} · news by {pod.link} · ComfyUI {pod.version ?? 'version unknown'}
          </p>
          {pod.reason && <p className="text-warn">{pod.reason}</p>}
          <p className="break-all text-muted">{pod.url}</p>
          {pod.ram && <Memory label="RAM" {...pod.ram} />}
          {pod.devices.map((device) => (
            <Memory key={device.name} label={device.name} total={device.vramTotal} free={device.vramFree} />
          ))}
          <p>
            {pod.queue.running} running, {pod.queue.pending} waiting
          </p>
          {pod.queue.jobIds.map((id) => (
            <Link key={id} href={`/jobs/${id}`}>
              Job {id.slice(0, 8)}
            </Link>
          ))}
        </li>
      ))}
    </ul>
  );
}
