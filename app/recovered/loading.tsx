import { Loading, Skeleton } from '../../components/ui/skeleton.tsx';

export default function LoadingRecovered() {
  return (
    <Loading label="Loading what was recovered">
      <Skeleton className="mb-4 h-7 w-40" />
      <div className="grid gap-4">
        <Skeleton className="h-48" />
        <Skeleton className="h-28" />
      </div>
    </Loading>
  );
}
