import { ProgressBar } from '../ui/progress-bar.tsx';

const GB = 1024 ** 3;

/** How much of a memory is used. Sizes in bytes. */
export function MemoryBar({ label, total, free }: { label: string; total: number; free: number }) {
  const used = Math.max(0, total - free);
  return (
    <div className="grid min-w-0 grid-cols-1 gap-1">
      <span className="flex justify-between gap-4 text-xs">
        <span className="min-w-0 truncate">{label}</span>
        <span className="whitespace-nowrap text-muted">
          {(used / GB).toFixed(1)} of {(total / GB).toFixed(1)} GB
        </span>
      </span>
      <ProgressBar
        percent={total > 0 ? (used / total) * 100 : 0}
        label={`${label} used`}
        className={
          total > 0 && used / total > 0.92 ? '[--bar-color:var(--color-warn)]' : '[--bar-color:var(--color-edge)]'
        }
      />
    </div>
  );
}
