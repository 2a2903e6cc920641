import { Loading, Skeleton } from '../../components/ui/skeleton.tsx';

export default function LoadingTemplates() {
  return (
    <Loading label="Loading the templates">
      <Skeleton className="mb-4 h-7 w-36" />
      <div className="grid gap-3 md:grid-cols-2">
        <Skeleton className="h-32" />
        <Skeleton className="h-32" />
      </div>
    </Loading>
  );
}
