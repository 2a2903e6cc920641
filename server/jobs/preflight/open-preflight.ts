import type { PodView } from '../../../lib/protocol/pods.ts';
import { Admission } from './admission.ts';
import { DefinedNodes } from './defined-nodes.ts';
import { NodeCatalogs, type NodeCatalogsDeps } from './node-catalogs.ts';
import { PodJudge, type PodJudgeDeps } from './pod-judge.ts';
import { WaitingJobs, type WaitingJobsDeps } from './waiting-jobs.ts';
import { PreflightDesk } from './workflow-desk.ts';
import { WorkflowReader } from './workflow-reader.ts';

export interface PreflightParts
  extends
    Pick<NodeCatalogsDeps, 'client'>,
    Pick<PodJudgeDeps, 'uploads'>,
    Pick<WaitingJobsDeps, 'store' | 'writer' | 'driven' | 'onRoom' | 'log'> {
  pods: () => PodView[];
  /** @throws DeskError where there is no such pod */
  requirePod: (podId: string | undefined) => void;
}

/** All that judges workflows before pods do, wired. */
export function openPreflight(parts: PreflightParts) {
  const { pods, requirePod } = parts;
  const view = (podId: string) => pods().find(({ id }) => id === podId);
  const catalogs = new NodeCatalogs({ view, client: parts.client });
  const nodes = new DefinedNodes(pods, catalogs);
  const reader = new WorkflowReader(nodes);
  const judge = new PodJudge({ pods, catalogs, uploads: parts.uploads });
  const waiting = new WaitingJobs({ ...parts, judge });
  catalogs.onNews(() => waiting.lookSoon());
  return {
    catalogs,
    waiting,
    reader,
    judge,
    admission: new Admission({ reader, judge }),
    workflows: new PreflightDesk({ pods, nodes, reader, judge, requirePod }),
  };
}
