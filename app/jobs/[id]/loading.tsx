import { Loading, Skeleton } from '../../../components/ui/skeleton.tsx';

export default function LoadingJob() {
  return (
    <Loading label="Loading the job">
      <Skeleton className="mb-4 h-5 w-32" />
      <Skeleton className="mb-6 h-8 w-72 max-w-full" />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <Skeleton className="h-96" />
        <Skeleton className="h-64" />
      </div>
    </Loading>
  );
}
