import type { ConvertedWorkflow, PodVerdict, WorkflowBody, WorkflowCheck } from '../../../lib/protocol/workflows.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import type { WorkflowDesk } from '../desk.ts';
import { isUsable } from '../pods/pod-health.ts';
import type { DefinedNodes } from './defined-nodes.ts';
import { definitionsOf } from './joined-nodes.ts';
import type { PodJudge } from './pod-judge.ts';
import { summaryOf } from './verdict-words.ts';
import type { ReadSubmission, WorkflowReader } from './workflow-reader.ts';

export interface PreflightDeskDeps {
  pods: () => PodView[];
  nodes: DefinedNodes;
  reader: Pick<WorkflowReader, 'read'>;
  judge: Pick<PodJudge, 'allVerdicts'>;
  /** @throws DeskError where there is no such pod */
  requirePod: (podId: string | undefined) => void;
}

/** Answers what a workflow is and which pods would run it. */
export class PreflightDesk implements WorkflowDesk {
  constructor(private readonly deps: PreflightDeskDeps) {}

  async convert({ workflow, pod }: WorkflowBody): Promise<ConvertedWorkflow> {
    this.deps.requirePod(pod);
    return this.converted(await this.deps.reader.read(workflow, pod), pod);
  }

  async check({ workflow, pod }: WorkflowBody): Promise<WorkflowCheck> {
    this.deps.requirePod(pod);
    const read = await this.deps.reader.read(workflow, pod);
    const { prompt } = read.stored;
    const pods = await this.deps.judge.allVerdicts({ prompt, packs: read.packs });
    return {
      ...(await this.converted(read, pod)),
      runs: pods.some((verdict) => this.wouldRunNow(verdict)),
      sentence: summaryOf(pods),
      pods,
      definitions: definitionsOf(prompt, this.deps.nodes.known(pod)),
    };
  }

  private async converted({ stored, notes }: ReadSubmission, podId: string | undefined): Promise<ConvertedWorkflow> {
    const catalog = await this.deps.nodes.catalog(podId);
    const unknown = Object.entries(stored.prompt).filter(([, { class_type }]) => !catalog.has(class_type));
    return {
      prompt: stored.prompt,
      unknown: unknown.map(([nodeId, { class_type }]) => ({ nodeId, classType: class_type })),
      notes,
    };
  }

  private wouldRunNow({ podId, verdict }: PodVerdict): boolean {
    const pod = this.deps.pods().find(({ id }) => id === podId);
    return verdict === 'runs' && pod !== undefined && isUsable(pod) && pod.breaker === 'closed' && !pod.drained;
  }
}
