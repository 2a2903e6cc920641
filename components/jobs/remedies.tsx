'use client';
import { Crosshair, MemoryStick, PlugZap, RotateCcw, Server, SquarePen, type LucideIcon } from 'lucide-react';
import Link from 'next/link';
import type { RemedyAction } from '../../lib/jobs/failure-rules.ts';
import type { JobDetail, RetryJobBody } from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { useJobAction } from '../hooks/use-job-action.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { PodMenu } from './pod-menu.tsx';
import { nodesOfFailure, remediesOf } from './remedies-of.ts';
import { REMEDY_LABELS } from './remedy-labels.ts';
import type { NameOf } from './story-words.ts';

export interface RemedyProps {
  job: JobDetail;
  pods: readonly PodView[];
  nameOf: NameOf;
  onAnswer: (job: JobDetail) => void;
  /** Tells a person what came of a press. */
  onSaid: (sentence: string) => void;
  /** Absent where there is no graph to show a node in. */
  onShowNode: ((nodeId: string) => void) | undefined;
}

/** A remedy as it is pressed: a way to another page, something to do, or a pod to choose for it. */
type Remedy = { Icon: LucideIcon; label: string } & (
  { href: string } | { press: () => void; spoken?: string } | { choose: (podId: string) => void }
);

/** The buttons that do what one can do about a failure, the best first. `retryWorks`: a retry is known to work now. */
export function Remedies(props: RemedyProps & { retryWorks: boolean }) {
  const { job, pods, nameOf, retryWorks, onAnswer, onSaid, onShowNode } = props;
  const { act, ask, busy, problem } = useJobAction(job.id, onAnswer);
  const podId = job.podId ?? undefined;
  async function retry(body: RetryJobBody, sentence: string) {
    if (await act('retry', body)) onSaid(sentence);
  }
  async function reopen(id: string) {
    if (await ask((api) => api.orderPod(id, 'reopen'))) onSaid(`${nameOf(id)} gets jobs again within seconds.`);
  }
  const remedies: Record<RemedyAction, Remedy> = {
    retry: {
      Icon: RotateCcw,
      label: REMEDY_LABELS.retry,
      spoken: `Retry ${job.name}`,
      press: () => void retry({}, 'Podium tries it again.'),
    },
    retry_elsewhere: {
      Icon: Server,
      label: REMEDY_LABELS.retry_elsewhere,
      choose: (pod) => void retry({ pod }, `Podium tries it again on ${nameOf(pod)}.`),
    },
    free_memory: {
      Icon: MemoryStick,
      label: REMEDY_LABELS.free_memory,
      press: () =>
        void retry({ freeMemory: true, ...(podId && { pod: podId }) }, 'Memory is freed, then it runs again.'),
    },
    edit: { Icon: SquarePen, label: REMEDY_LABELS.edit, href: `/submit?from=${job.id}` },
    show_node: {
      Icon: Crosshair,
      label: REMEDY_LABELS.show_node,
      press: () => onShowNode?.(nodesOfFailure(job)[0] ?? ''),
    },
    reopen_pod: {
      Icon: PlugZap,
      label: podId === undefined ? REMEDY_LABELS.reopen_pod : `Reopen ${nameOf(podId)}`,
      press: () => podId !== undefined && void reopen(podId),
    },
    open_pods: { Icon: Server, label: REMEDY_LABELS.open_pods, href: '/pods' },
  };
  const actions = remediesOf(job, pods, { graph: onShowNode !== undefined, retryWorks });
  const others = pods.filter((pod) => pod.id !== podId);
  return (
    <>
      <div className="mt-3 flex flex-wrap gap-2">
        {actions.map((action, index) => (
          <RemedyButton key={action} action={action} remedy={remedies[action]} {...{ index, busy, pods: others }} />
        ))}
      </div>
      <Problem text={problem} className="mt-2" />
    </>
  );
}

function RemedyButton(props: {
  action: RemedyAction;
  remedy: Remedy;
  index: number;
  busy: boolean;
  pods: readonly PodView[];
}) {
  const { action, remedy, busy, pods } = props;
  const { Icon, label } = remedy;
  const tone = props.index === 0 ? 'primary' : 'plain';
  if ('choose' in remedy) return <PodMenu {...{ Icon, label, tone, pods }} disabled={busy} onChoose={remedy.choose} />;
  if ('href' in remedy)
    return (
      <Link className={buttonClass({ tone })} href={remedy.href}>
        <Icon size={15} aria-hidden /> {label}
      </Link>
    );
  return (
    <Button tone={tone} data-action={action} disabled={busy} aria-label={remedy.spoken} onClick={remedy.press}>
      <Icon size={15} aria-hidden /> {label}
    </Button>
  );
}
