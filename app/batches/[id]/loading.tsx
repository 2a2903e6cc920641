import { Loading, Skeleton } from '../../../components/ui/skeleton.tsx';

const CELLS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

export default function LoadingBatch() {
  return (
    <Loading label="Loading the batch">
      <Skeleton className="mb-3 h-7 w-48" />
      <Skeleton className="mb-6 h-3 w-full" />
      <div className="flex flex-wrap gap-3">
        {CELLS.map((cell) => (
          <Skeleton key={cell} className="size-28 max-sm:size-24" />
        ))}
      </div>
    </Loading>
  );
}
