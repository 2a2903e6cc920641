'use client';
import { Braces, ChevronRight, CopyPlus } from 'lucide-react';
import Link from 'next/link';
import { useMemo, useRef, useState } from 'react';
import { isOnPod } from '../../lib/jobs/job-state.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import type { SystemView } from '../../lib/protocol/system.ts';
import { useLiveJob } from '../hooks/use-live-job.ts';
import { useLivePods } from '../hooks/use-live-pods.ts';
import { useTitle } from '../hooks/use-title.ts';
import { drawnNodeOf } from '../graph/node-marks.ts';
import { WorkflowGraph } from '../graph/workflow-graph.tsx';
import { SaveJob } from '../templates/save-job.tsx';
import { buttonClass } from '../ui/button.tsx';
import type { DrawnJob } from './drawn-job.ts';
import { ErrorPanel } from './error-panel.tsx';
import { JobActions } from './job-actions.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobNow } from './job-now.tsx';
import { jobTitle } from './job-title.ts';
import { marksOfJob } from './marks-of-job.ts';
import { OutputGallery } from './output-gallery.tsx';
import { PreviewFrame } from './preview-frame.tsx';
import { badgeOf, StateBadge } from './state-badge.tsx';
import { StoryView } from './story-view.tsx';
import { Timeline } from './timeline.tsx';
import { WorthKnowing } from './worth-knowing.tsx';

/** One job, live. `firstPods` as the server rendered them; `drawn` is null where its workflow cannot be read. */
export function JobPage({
  first,
  firstPods,
  drawn,
  system,
}: {
  first: JobDetail;
  firstPods: PodView[];
  drawn: DrawnJob | null;
  system: SystemView | null;
}) {
  const { job, offer, preview } = useLiveJob(first);
  const pods = useLivePods(firstPods);
  const [shown, setShown] = useState<{ id: string }>();
  const [said, setSaid] = useState('');
  const nameOf = (id: string) => pods.find((pod) => pod.id === id)?.name ?? id;
  const podId = job.podId ?? job.attempts.at(-1)?.podId ?? job.wantedPodId;
  const podName = podId === null || podId === undefined ? undefined : nameOf(podId);
  const status = useRef<HTMLParagraphElement>(null);
  const marks = useMemo(() => marksOfJob(job, drawn?.nodeIds ?? []), [job, drawn]);
  function showNode(id: string) {
    const at = drawnNodeOf(id, (held) => drawn?.graph.nodes.some((node) => node.id === held) ?? false);
    const title = drawn?.graph.nodes.find((node) => node.id === at)?.title;
    setShown({ id });
    setSaid(`${title ?? 'The node'} (node ${id}) is marked in the workflow below.`);
  }
  function onSaid(sentence: string) {
    setSaid(sentence);
    // The button that was pressed goes away with the failure, and the focus with it.
    status.current?.focus();
  }
  useTitle(jobTitle(job));
  return (
    <article className="grid grid-cols-1 gap-4 max-sm:pb-14">
      <nav aria-label="Breadcrumb" className="flex items-center gap-1 text-muted">
        <Link className="hover:text-ink" href="/">
          Jobs
        </Link>
        <ChevronRight size={14} aria-hidden />
        <code className="font-mono text-xs">{job.id.slice(0, 8)}</code>
      </nav>
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 gap-1">
          <h1 className="text-xl font-semibold break-words">{job.name}</h1>
          <p aria-live="polite">
            <StateBadge {...badgeOf(job)} size={16} />
          </p>
          <p ref={status} role="status" tabIndex={-1} className="text-muted focus-visible:outline-none">
            {said}
          </p>
        </div>
        <div className="flex flex-wrap gap-2 max-sm:fixed max-sm:inset-x-0 max-sm:bottom-14 max-sm:z-20 max-sm:justify-end max-sm:border-t max-sm:bg-surface max-sm:p-2">
          <a
            className={buttonClass()}
            href={`/api/jobs/${job.id}/workflow`}
            download={`${job.name.replaceAll(/[^\p{L}\p{N} _-]/gu, '').trim() || 'workflow'}.json`}
          >
            <Braces size={15} aria-hidden /> <span className="max-sm:sr-only">Workflow</span>
          </a>
          <Link className={buttonClass()} href={`/submit?from=${job.id}`}>
            <CopyPlus size={15} aria-hidden /> Use again
          </Link>
          <SaveJob job={job} onSaved={setSaid} />
          <JobActions job={job} onAnswer={offer} {...(job.state === 'failed' && { className: 'sm:hidden' })} />
        </div>
      </header>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid min-w-0 grid-cols-1 gap-4">
          <JobNow {...{ job, pods, nameOf, system }} onAnswer={offer} />
          {job.state === 'failed' && (
            <ErrorPanel {...{ job, pods, nameOf, onSaid }} onAnswer={offer} onShowNode={drawn ? showNode : undefined} />
          )}
          <WorthKnowing job={job} podName={podName} />
          {job.outputs.length > 0 ? (
            <OutputGallery outputs={job.outputs} />
          ) : (
            comesToPictures(job) && <PreviewFrame url={preview} />
          )}
          <section aria-labelledby="story" className="grid grid-cols-1 gap-3 rounded-lg border bg-surface p-4">
            <h2 id="story" className="font-semibold">
              What happened when
            </h2>
            <StoryView job={job} nameOf={nameOf} />
          </section>
          {drawn && (
            <section aria-labelledby="workflow" className="grid grid-cols-1 gap-3 rounded-lg border bg-surface p-4">
              <h2 id="workflow" className="font-semibold">
                Workflow
              </h2>
              <WorkflowGraph label="Graph" graph={drawn.graph} marks={marks} {...(shown && { shown })} />
            </section>
          )}
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-4">
          <section aria-labelledby="facts" className="rounded-lg border bg-surface p-4">
            <h2 id="facts" className="mb-3 font-semibold">
              Details
            </h2>
            <JobFacts job={job} podName={podName} />
          </section>
          <section aria-labelledby="timeline" className="rounded-lg border bg-surface p-4 pb-1">
            <h2 id="timeline" className="mb-3 font-semibold">
              Timeline
            </h2>
            <Timeline events={job.timeline} attempts={job.attempts} nameOf={nameOf} />
          </section>
        </div>
      </div>
    </article>
  );
}

/** Whether a picture may come next: not while it waits after something went wrong. */
function comesToPictures({ state, timeline }: JobDetail): boolean {
  return isOnPod(state) || (state === 'queued' && timeline.length === 1);
}
