import { HardDriveDownload } from 'lucide-react';
import { Notice } from '../ui/notice.tsx';

/** That a job has succeeded while files of it are yet to be copied. */
export function FilesOnPod({ count, podName }: { count: number; podName: string | undefined }) {
  return (
    <Notice tone="warn" Icon={HardDriveDownload} label="Files on the pod">
      <p className="font-semibold">
        {count === 1 ? 'One file is' : `${count} files are`} still on {podName ?? 'the pod'}
      </p>
      <p>Podium copies {count === 1 ? 'it' : 'them'} as soon as there is room on its disk.</p>
    </Notice>
  );
}
