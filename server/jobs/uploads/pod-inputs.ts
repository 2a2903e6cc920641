import { jobError } from '../../../lib/jobs/job-error.ts';
import { sizeInWords } from '../../../lib/jobs/words.ts';
import type { Prompt } from '../../../lib/workflow/prompt.ts';
import { uploadHash, uploadsOf } from '../../../lib/workflow/upload-name.ts';
import { PodCallError, type InputOutcome, type PodClient } from '../pod-client.ts';
import { RecentMap } from '../recent-map.ts';
import { unlessAborted } from '../wait.ts';
import type { UploadStore } from './upload-store.ts';

/** Uploads remembered as being on the pod. */
const REMEMBERED = 1000;

export interface PodInputsDeps {
  pod: Pick<PodClient, 'hasInput' | 'putInput' | 'onLink'>;
  uploads: Pick<UploadStore, 'find' | 'open'>;
}

/** What bringing a prompt's uploads to the pod came to. */
export type Brought =
  /** `remembered`: of some the pod was not asked this time. */
  | { kind: 'there'; prompt: Prompt; remembered: boolean }
  | { kind: 'stopped' }
  | Exclude<InputOutcome, { kind: 'there' }>;

/**
 * Brings the uploads that prompts name to one pod, each once for as long as the pod keeps it. Whatever breaks off on the
 * way may be done again: the same bytes under the same name are one file there.
 */
export class PodInputs {
  /** By the name in prompts, the name on the pod. */
  private names = new RecentMap<string, string>(REMEMBERED);
  private readonly sending = new Map<string, Promise<unknown>>();

  constructor(private readonly deps: PodInputsDeps) {
    // A pod that was out of sight may be another one, with an empty disk.
    deps.pod.onLink((link) => {
      if (link !== 'socket') this.forget();
    });
  }

  /** What is remembered of the pod's disk holds no more: it is asked again. */
  forget(): void {
    this.names = new RecentMap(REMEMBERED);
  }

  /** The prompt as the pod has to read it, once everything it names is there. `note` is told before a file is sent. */
  async bring(prompt: Prompt, note: (detail: string) => Promise<unknown>, signal: AbortSignal): Promise<Brought> {
    const named = uploadsOf(prompt);
    if (named.length === 0) return { kind: 'there', prompt, remembered: false };
    const onPod = new Map<string, string>();
    let remembered = false;
    try {
      for (const name of named) {
        const outcome = await this.one(name, note, signal);
        if (outcome.kind !== 'there') return outcome;
        onPod.set(name, outcome.name);
        remembered ||= outcome.remembered;
      }
    } catch (error) {
      if (signal.aborted) return { kind: 'stopped' };
      throw error;
    }
    return { kind: 'there', prompt: renamed(prompt, onPod), remembered };
  }

  private async one(name: string, note: (detail: string) => Promise<unknown>, signal: AbortSignal) {
    for (let other = this.sending.get(name); other; other = this.sending.get(name)) await unlessAborted(other, signal);
    const known = this.names.get(name);
    if (known !== undefined) return { kind: 'there' as const, name: known, remembered: true };
    const { names } = this;
    const sending = this.give(name, note, signal);
    this.sending.set(
      name,
      sending.catch(() => undefined),
    );
    try {
      const outcome = await sending;
      if (outcome.kind !== 'there') return outcome;
      names.set(name, outcome.name);
      return { ...outcome, remembered: false };
    } finally {
      this.sending.delete(name);
    }
  }

  private async give(
    name: string,
    note: (detail: string) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<InputOutcome> {
    const { pod, uploads } = this.deps;
    const hash = uploadHash(name) ?? '';
    const upload = await uploads.find(hash);
    try {
      if (await pod.hasInput(name, upload?.bytes)) return { kind: 'there', name };
    } catch (error) {
      return unaskable(error);
    }
    signal.throwIfAborted();
    if (!upload) return missing(name);
    await note(`“${upload.name}” (${sizeInWords(upload.bytes)}) is sent to the pod’s input folder.`);
    const open = async () => {
      const body = await uploads.open(hash);
      if (!body) throw new Error(`The upload ${name} was deleted while it was sent`);
      return body;
    };
    return pod.putInput({ name, title: upload.name, bytes: upload.bytes, open }, signal);
  }
}

function missing(name: string): InputOutcome {
  const message = `The uploaded file ${name} is not in this Podium’s DATA_DIR, nor on the pod.`;
  return { kind: 'refused', error: jobError('upload_missing', message, { subject: name }) };
}

/** The pod could not be asked whether it has the file. */
function unaskable(error: unknown): InputOutcome {
  if (!(error instanceof PodCallError)) throw error;
  if (error.kind === 'unauthorized') return { kind: 'refused', error: jobError('pod_unauthorized', error.message) };
  return { kind: 'not_sent', error: jobError('pod_unreachable', error.message) };
}

function renamed(prompt: Prompt, onPod: ReadonlyMap<string, string>): Prompt {
  const value = (given: unknown) => (typeof given === 'string' ? (onPod.get(given) ?? given) : given);
  const nodes = Object.entries(prompt).map(([id, node]) => {
    const inputs = Object.entries(node.inputs).map(([input, given]) => [input, value(given)] as const);
    return [id, { ...node, inputs: Object.fromEntries(inputs) }] as const;
  });
  return Object.fromEntries(nodes);
}
