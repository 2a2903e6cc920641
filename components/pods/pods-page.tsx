'use client';
import type { JobFilter, JobList } from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import type { SystemView } from '../../lib/protocol/system.ts';
import { useSystem } from '../hooks/use-system.ts';
import { PausedFace } from '../layout/paused-notice.tsx';
import { PauseButton } from './pause-button.tsx';
import { PodList } from './pod-list.tsx';
import { StoreSection } from './store-section.tsx';

/** The pods and the desk as a whole, live. `active`, `filter` and `query` as `PodList` takes them. */
export function PodsPage(props: {
  first: PodView[];
  active: JobList;
  filter: JobFilter;
  query: string;
  system: SystemView | null;
}) {
  const control = useSystem(props.system);
  const names = new Map(props.first.map(({ id, name }) => [id, name]));
  return (
    <>
      <div className="mb-4 flex min-h-8 items-center justify-between gap-4">
        <h1 className="text-xl font-semibold">Pods</h1>
        <PauseButton control={control} />
      </div>
      <PausedFace control={control} className="mb-4" />
      <PodList first={props.first} active={props.active} filter={props.filter} query={props.query} />
      {control.system && <StoreSection system={control.system} nameOf={(id) => names.get(id) ?? id} />}
    </>
  );
}
