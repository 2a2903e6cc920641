'use client';
import { CircleX } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useCallback, useEffect, useRef } from 'react';
import type { PodView } from '../../lib/protocol/pods.ts';
import type { TemplateSummary } from '../../lib/protocol/templates.ts';
import { templates } from '../../lib/workflow/templates.ts';
import { useLivePods } from '../hooks/use-live-pods.ts';
import { Notice } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { jobNameOfFile } from './file-job-name.ts';
import type { Brought } from './read-input.ts';
import { Start } from './start.tsx';
import { TemplateList } from './template-list.tsx';
import { useDropped } from './use-dropped.ts';
import { useIntake, type Origin } from './use-intake.ts';

const importBench = () => import('./workbench.tsx').then(({ Workbench }) => Workbench);
const Workbench = dynamic(importBench, { ssr: false, loading: () => <Skeleton className="h-96" /> });

/** A workflow that the page opens with: that of an earlier job or of a template. */
export interface FirstWorkflow extends Origin {
  /** Of the job or the template. */
  id: string;
  value: unknown;
}

/** Bring a workflow of any form, see what it is and where it would run, edit it, and submit it once or many times. */
export function SubmitForm({
  pods: firstPods,
  saved,
  first,
}: {
  pods: PodView[];
  saved: readonly TemplateSummary[];
  first?: FirstWorkflow;
}) {
  const pods = useLivePods(firstPods);
  const { loaded, refused, reading, take, clear } = useIntake();
  const opened = useRef<FirstWorkflow>(undefined);
  useEffect(() => {
    // What a workflow needs is big: it is fetched while the person still looks for one.
    void importBench().catch(() => undefined);
    if (!first || opened.current?.id === first.id) return;
    opened.current = first;
    void take({ value: first.value }, first);
  }, [first, take]);
  const bring = useCallback(
    (brought: Brought, from: string) => {
      const name = 'file' in brought ? jobNameOfFile(from) : undefined;
      void take(brought, { from, ...(name !== undefined && { name }), remembers: true });
    },
    [take],
  );
  const over = useDropped(bring);
  function choose(id: string) {
    const chosen = templates(Math.floor(Math.random() * 2 ** 32), pods).find((one) => one.id === id);
    if (chosen) void take({ value: chosen.prompt }, { from: chosen.name, name: chosen.name, remembers: true });
  }
  return (
    <div className="relative" aria-busy={reading !== undefined}>
      <p role="status" className="absolute -top-10 right-0 max-w-1/2 truncate py-1 text-muted">
        {reading !== undefined && `Reading ${reading}…`}
      </p>
      {over && (
        <p className="pointer-events-none fixed inset-2 z-40 grid place-items-center rounded-lg border-2 border-dashed border-accent bg-accent-soft/90 text-base font-semibold">
          Drop to open
        </p>
      )}
      {refused && (
        <div className="mb-4">
          <Notice tone="bad" Icon={CircleX} role="alert" label="Not understood">
            <p className="font-semibold break-words">{refused.from}</p>
            <p className="break-words">{refused.message}</p>
          </Notice>
        </div>
      )}
      {loaded ? (
        <Workbench
          key={loaded.id}
          loaded={loaded}
          pods={pods}
          onText={(text) =>
            void take({ text }, { from: loaded.from, ...(loaded.name && { name: loaded.name }), remembers: false })
          }
          onOther={clear}
        />
      ) : (
        <div className="grid gap-6">
          <Start onBrought={bring} />
          <TemplateList saved={saved} ready={templates(0, pods)} onChoose={choose} />
        </div>
      )}
    </div>
  );
}
