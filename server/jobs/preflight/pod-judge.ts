import type { PodView } from '../../../lib/protocol/pods.ts';
import type { PodVerdict } from '../../../lib/protocol/workflows.ts';
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
  async verdicts(judged: Judged, podId?: string): Promise<PodVerdict[]> {
    const options = await this.optionsOf(judged);
    const verdicts = this.fromMemory(judged.prompt, options, podId);
    if (verdicts.some(({ verdict }) => verdict === 'runs')) return verdicts;
    await this.lookAt(podId, REFUSE_BY_MS);
    return this.fromMemory(judged.prompt, options, podId);
  }

  /** The same, always by what the pods have within a minute. */
  async freshVerdicts(judged: Judged): Promise<PodVerdict[]> {
    await this.lookAt(undefined, REFUSE_BY_MS);
    return this.fromMemory(judged.prompt, await this.optionsOf(judged));
  }

  /** The verdict of each of these pods by what is known at this moment. */
  async knownVerdicts(prompt: Prompt, podIds: ReadonlySet<string>): Promise<PodVerdict[]> {
    const verdicts = this.fromMemory(prompt, await this.optionsOf({ prompt }));
    return verdicts.filter(({ podId }) => podIds.has(podId));
  }

  private async lookAt(podId: string | undefined, maxAgeMs: number): Promise<void> {
    await this.deps.catalogs.fresh(this.podsFor(podId), { maxAgeMs, withinMs: ANSWER_WITHIN_MS });
  }

  private fromMemory(prompt: Prompt, options: PreflightOptions, podId?: string): PodVerdict[] {
    const judgements = new Map<PodNodes, Preflight>();
    return this.podsFor(podId).map((pod) => {
      const nodes = this.deps.catalogs.now(pod);
      const judgement = nodes && (judgements.get(nodes) ?? preflight(prompt, nodes.catalog, options));
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

  private async optionsOf({ prompt, packs }: Judged): Promise<PreflightOptions> {
    const named = uploadsOf(prompt);
    return {
      ...(packs && { packs }),
      ...(named.length > 0 && { uploads: await this.deps.uploads(named) }),
    };
  }
}
