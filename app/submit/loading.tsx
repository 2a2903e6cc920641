import { Loading, Skeleton } from '../../components/ui/skeleton.tsx';

export default function LoadingSubmit() {
  return (
    <Loading label="Loading the form">
      <Skeleton className="mb-4 h-7 w-48" />
      <div className="grid gap-4 lg:grid-cols-[18rem_1fr]">
        <Skeleton className="h-72" />
        <Skeleton className="h-96" />
      </div>
    </Loading>
  );
}
