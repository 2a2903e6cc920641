import type { PodView } from '../../../lib/protocol/pods.ts';
import type { PodVerdict } from '../../../lib/protocol/workflows.ts';
import type { NodeCatalog } from '../../../lib/workflow/catalog/node-catalog.ts';
import { packsOnPods } from '../../../lib/workflow/preflight/packs.ts';
import type { PreflightOptions } from '../../../lib/workflow/preflight/preflight.ts';
import { preflight } from '../../../lib/workflow/preflight/preflight.ts';
import type { Preflight } from '../../../lib/workflow/preflight/problem.ts';
import type { Prompt } from '../../../lib/workflow/prompt.ts';
import { uploadsOf } from '../../../lib/workflow/upload-name.ts';
import type { NodeCatalogs, PodNodes } from './node-catalogs.ts';
import { verdictSentence } from './verdict-words.ts';

export interface PodJudgeDeps {
  pods: () => PodView[];
  catalogs: Pick<NodeCatalogs, 'now' | 'fresh'>;
  /** Which of these names are uploads that Podium puts on a pod itself. */
  uploads: (names: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** A prompt to be judged. `packs`: the node pack of a class, where the workflow says it. */
export interface Judged {
  prompt: Prompt;
  packs?: ReadonlyMap<string, string> | undefined;
}

/** Nobody waits longer for what a pod has. */
const ANSWER_WITHIN_MS = 1500;
/** Nothing is refused by what was known longer ago: the file may have been copied since. */
const REFUSE_BY_MS = 10_000;

/** Says of prompts which pods would run them, by what the pods have. */
export class PodJudge {
  constructor(private readonly deps: PodJudgeDeps) {}

  /**
   * The verdict of each pod that may take it (`podId`: that one alone), from memory where a pod is known to run it; else
   * after the pods were asked anew, which is waited for at most 1.5 s.
   */
  verdicts(judged: Judged, podId?: string): Promise<PodVerdict[]> {
    return this.judged(judged, podId, (verdicts) => verdicts.some(runs));
  }

  /** The same of every pod, asked anew where any is not known to run it. */
  allVerdicts(judged: Judged): Promise<PodVerdict[]> {
    return this.judged(judged, undefined, (verdicts) => verdicts.every(runs));
  }

  /** The verdict of each of these pods by what is known at this moment. */
  async knownVerdicts(prompt: Prompt, podIds: ReadonlySet<string>): Promise<PodVerdict[]> {
    const verdicts = await this.judged({ prompt }, undefined, () => true);
    return verdicts.filter(({ podId }) => podIds.has(podId));
  }

  private async judged(
    { prompt, packs }: Judged,
    podId: string | undefined,
    isEnough: (verdicts: readonly PodVerdict[]) => boolean,
  ): Promise<PodVerdict[]> {
    const named = uploadsOf(prompt);
    const uploads = named.length > 0 ? await this.deps.uploads(named) : undefined;
    const options = { ...(packs && { packs }), ...(uploads && { uploads }) };
    const verdicts = this.fromMemory(prompt, options, podId);
    if (isEnough(verdicts)) return verdicts;
    await this.deps.catalogs.fresh(this.podsFor(podId), { maxAgeMs: REFUSE_BY_MS, withinMs: ANSWER_WITHIN_MS });
    return this.fromMemory(prompt, options, podId);
  }

  private fromMemory(prompt: Prompt, options: PreflightOptions, podId: string | undefined): PodVerdict[] {
    const known = this.deps.pods().map((pod) => ({ pod, nodes: this.deps.catalogs.now(pod) }));
    const catalogs = new Set(known.flatMap(({ nodes }) => nodes?.catalog ?? []));
    const told = { ...options, packs: packsFor(prompt, [...catalogs], options.packs) };
    const judgements = new Map<PodNodes, Preflight>();
    return known
      .filter(({ pod }) => podId === undefined || pod.id === podId)
      .map(({ pod, nodes }) => {
        const judgement = nodes && (judgements.get(nodes) ?? preflight(prompt, nodes.catalog, told));
        if (nodes && judgement) judgements.set(nodes, judgement);
        const verdict = !judgement ? 'unknown' : judgement.runs ? 'runs' : 'cannot';
        const problems = judgement?.problems ?? [];
        const sentence = verdictSentence(pod.name, verdict, problems);
        return { podId: pod.id, podName: pod.name, verdict, sentence, problems };
      });
  }

  private podsFor(podId: string | undefined): PodView[] {
    return this.deps.pods().filter(({ id }) => podId === undefined || id === podId);
  }
}

/** Of the classes that some pod lacks. What the workflow itself says of its node packs comes first. */
function packsFor(
  prompt: Prompt,
  catalogs: readonly NodeCatalog[],
  packs: ReadonlyMap<string, string> = NO_PACKS,
): ReadonlyMap<string, string> {
  const lacking = Object.entries(prompt).filter(([, node]) =>
    catalogs.some((catalog) => !catalog.has(node.class_type)),
  );
  if (lacking.length === 0) return packs;
  return new Map([...packsOnPods(Object.fromEntries(lacking), catalogs), ...packs]);
}
const NO_PACKS: ReadonlyMap<string, string> = new Map();

function runs({ verdict }: Pick<PodVerdict, 'verdict'>): boolean {
  return verdict === 'runs';
}
