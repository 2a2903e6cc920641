import { HardDriveDownload, TriangleAlert } from 'lucide-react';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { Notice } from '../ui/notice.tsx';

/** What a person should know although the job went on: files that are yet to be copied, and other warnings. */
export function WorthKnowing({ job, podName }: { job: JobDetail; podName: string | undefined }) {
  const { filesOnPod, warnings } = job;
  if (filesOnPod === 0 && warnings.length === 0) return null;
  return (
    <Notice tone="warn" Icon={filesOnPod > 0 ? HardDriveDownload : TriangleAlert} label="Worth knowing">
      {filesOnPod > 0 && (
        <p className="font-semibold">
          {filesOnPod === 1 ? 'One file is' : `${filesOnPod} files are`} still on {podName ?? 'the pod'}
        </p>
      )}
      <ul>
        {warnings.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Notice>
  );
}
