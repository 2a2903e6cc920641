/** `percent` 0–100, or null for not yet known. */
export function ProgressBar({ percent, label }: { percent: number | null; label: string }) {
  return <progress className="bar" max={100} value={percent ?? 0} aria-label={label} />;
}
