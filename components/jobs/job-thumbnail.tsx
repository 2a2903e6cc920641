import { Image as Picture } from 'lucide-react';
import type { JobSummary } from '../../lib/protocol/jobs.ts';

/** The picture that stands for a job in a list, or the place for one. */
export function JobThumbnail({ job }: { job: Pick<JobSummary, 'id' | 'thumbnail'> }) {
  return job.thumbnail === undefined ? (
    <span className="grid size-10 place-items-center rounded-md border border-dashed text-muted">
      <Picture size={16} aria-hidden strokeWidth={1.5} />
    </span>
  ) : (
    <img
      className="size-10 rounded-md bg-raised object-cover"
      alt=""
      width={40}
      height={40}
      loading="lazy"
      src={`/api/jobs/${job.id}/outputs/${job.thumbnail}/thumbnail?w=96`}
    />
  );
}
