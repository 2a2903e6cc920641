'use client';
import { useEffect, useState } from 'react';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import { browserApi, failureLines } from '../hooks/browser-api.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/problem.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

/** Jobs that are looked through: the newest that succeeded. */
const MAX_JOBS = 60;

type Choosable = Pick<JobSummary, 'id' | 'name'> & { thumbnail: number };

/** Chooses a picture of an earlier job. */
export function OutputChooser(props: {
  onChoose: (jobId: string, index: number, name: string) => void;
  onClose: () => void;
}) {
  const [jobs, setJobs] = useState<Choosable[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    browserApi()
      .then((api) => api.jobs(`state=succeeded&limit=${MAX_JOBS}`))
      .then(
        (list) =>
          setJobs(
            list.jobs.flatMap(({ id, name, thumbnail }) => (thumbnail === undefined ? [] : [{ id, name, thumbnail }])),
          ),
        (error: unknown) => setProblem(failureLines(error).join(' ')),
      );
  }, []);
  return (
    <Dialog label="Choose an earlier output" onClose={props.onClose} className="w-[44rem]">
      <div className="grid max-h-[70dvh] gap-2 overflow-y-auto p-4">
        <Problem text={problem} />
        {jobs?.length === 0 && <p className="text-muted">No job that succeeded has a picture yet.</p>}
        {!jobs && !problem && <Skeleton className="h-24" />}
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-2">
          {jobs?.map(({ id, name, thumbnail }) => (
            <li key={id}>
              <button
                type="button"
                className="grid w-full gap-1 rounded-md border p-1.5 text-left hover:bg-raised"
                onClick={() => props.onChoose(id, thumbnail, name)}
              >
                <img
                  className="aspect-square w-full rounded-sm bg-raised object-cover"
                  alt=""
                  loading="lazy"
                  src={`/api/jobs/${id}/outputs/${thumbnail}/thumbnail?w=192`}
                />
                <span className="truncate text-xs">{name}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
