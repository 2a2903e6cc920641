import { Loading, Skeleton } from '../../components/ui/skeleton.tsx';

export default function LoadingPods() {
  return (
    <Loading label="Loading the pods">
      <Skeleton className="mb-4 h-7 w-24" />
      <div className="grid gap-4 md:grid-cols-2">
        <Skeleton className="h-72" />
        <Skeleton className="h-72" />
      </div>
    </Loading>
  );
}
