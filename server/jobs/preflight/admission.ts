import { MAX_UNFIT_PODS, type UnfitPod } from '../../../lib/jobs/job.ts';
import type { SubmitJobBody } from '../../../lib/protocol/jobs.ts';
import type { PodVerdict } from '../../../lib/protocol/workflows.ts';
import { modelsOf } from '../../../lib/workflow/preflight/models.ts';
import { DeskError } from '../desk.ts';
import type { StoredWorkflow } from '../job-store.ts';
import type { PodJudge } from './pod-judge.ts';
import { reasonSentence, summaryOf, waitSentence } from './verdict-words.ts';
import type { WorkflowReader } from './workflow-reader.ts';

/** What a submission comes to before it is written. */
export interface Admitted {
  stored: StoredWorkflow;
  models: string[];
  /** Pods that certainly cannot run it. */
  unfitPods: UnfitPod[];
  /** What it waits for, where none can. */
  waitsFor?: string;
}

/** Decides whether a workflow is taken in: no job is accepted that no pod can run, unless the person wants it to wait. */
export class Admission {
  constructor(private readonly deps: { reader: Pick<WorkflowReader, 'read'>; judge: Pick<PodJudge, 'verdicts'> }) {}

  /** @throws DeskError `invalid_workflow`, `no_pod_can_run` with what is wrong on each pod */
  async admit({ workflow, pod, wait }: Pick<SubmitJobBody, 'workflow' | 'pod' | 'wait'>): Promise<Admitted> {
    const { stored, packs } = await this.deps.reader.read(workflow, pod);
    const verdicts = await this.deps.judge.verdicts({ prompt: stored.prompt, packs }, pod);
    return { stored, models: modelsOf(stored.prompt), ...admittedBy(verdicts, wait ?? false) };
  }
}

/** What verdicts make of a job. @throws DeskError `no_pod_can_run` where none can and it is not to wait */
export function admittedBy(verdicts: readonly PodVerdict[], wait: boolean): Pick<Admitted, 'unfitPods' | 'waitsFor'> {
  const unfit = verdicts.filter(({ verdict }) => verdict === 'cannot');
  const nowhere = verdicts.length > 0 && unfit.length === verdicts.length;
  if (nowhere && !wait) throw refusal(verdicts);
  const reasons = unfit.map(({ podId, podName, problems }) => ({ podId, podName, reason: reasonSentence(problems) }));
  return {
    unfitPods: reasons.slice(0, MAX_UNFIT_PODS).map(({ podId, reason }) => ({ podId, reason })),
    ...(nowhere && { waitsFor: waitSentence(reasons) }),
  };
}

/** Most problems that a refusal names, over all pods. */
const MAX_ERRORS = 100;

function refusal(verdicts: readonly PodVerdict[]): DeskError {
  const errors = verdicts.flatMap(({ podName, problems }) =>
    problems.map(({ nodeId, input, message }) => ({
      field: ['workflow', nodeId, input].filter((part) => part !== undefined).join('.'),
      message: `${podName}: ${message}`,
    })),
  );
  return new DeskError(
    'no_pod_can_run',
    `${summaryOf(verdicts)} Mend it, or send it with "wait": true, and it waits for a pod that can run it.`,
    errors.slice(0, MAX_ERRORS),
  );
}
