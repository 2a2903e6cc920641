import { Loading, Skeleton } from '../../components/ui/skeleton.tsx';

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

export default function LoadingJobs() {
  return (
    <Loading label="Loading the jobs">
      <Skeleton className="mb-4 h-7 w-24" />
      <Skeleton className="mb-4 h-8 w-full max-w-md" />
      <div className="divide-y rounded-lg border bg-surface">
        {ROWS.map((row) => (
          <div key={row} className="flex items-center gap-3 px-3 py-2">
            <Skeleton className="size-10 rounded-md" />
            <Skeleton className="h-4 flex-1" />
            <Skeleton className="h-4 w-24" />
          </div>
        ))}
      </div>
    </Loading>
  );
}
