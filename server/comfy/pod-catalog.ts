import { z } from 'zod';
import type { MissingThing } from '../../lib/jobs/job-error.ts';
import { listedChoices } from '../../lib/workflow/catalog/listed-choices.ts';
import type { PodHttp } from './pod-http.ts';
import { asThere } from './prompt-lookup.ts';
import { MAX_BYTES } from './timing.ts';

const inputsSchema = z.record(z.string(), z.unknown()).nullish().catch(null);
const classSchema = z.object({ input: z.object({ required: inputsSchema, optional: inputsSchema }) });
/** `GET /object_info/{class}`: `{}` where the pod has no such class. */
const catalogSchema = z.record(z.string(), z.unknown());

/** How long an answer about a class is believed. */
const FRESH_MS = 30_000;
/** Most classes remembered at once. */
const MAX_CLASSES = 200;

type ClassEntry = { known: false } | { known: true; choicesOf: (input: string) => readonly unknown[] | undefined };

/** What node classes and files a pod has, by its `/object_info`. Answers are remembered for half a minute. */
export class PodCatalog {
  private readonly classes = new Map<string, { at: number; entry: Promise<ClassEntry> }>();

  constructor(
    private readonly http: Pick<PodHttp, 'json'>,
    private readonly now: () => number,
  ) {}

  /** Which of these the pod lacks; one that cannot be judged is not among them. @throws PodCallError */
  async lacks(things: readonly MissingThing[]): Promise<MissingThing[]> {
    const lacking = await Promise.all(things.map((thing) => this.isLacking(thing)));
    return things.filter((_thing, at) => lacking[at]);
  }

  /** The pod may have changed: everything is asked again. */
  forget(): void {
    this.classes.clear();
  }

  private async isLacking(thing: MissingThing): Promise<boolean> {
    const classType = thing.kind === 'node_type' ? thing.name : thing.classType;
    if (classType === undefined) return false;
    const entry = await this.entry(classType);
    if (!entry.known) return true;
    if (thing.kind === 'node_type' || thing.input === undefined || !isListed(thing)) return false;
    const choices = entry.choicesOf(thing.input);
    return choices !== undefined && !choices.includes(thing.name);
  }

  private entry(classType: string): Promise<ClassEntry> {
    const kept = this.classes.get(classType);
    if (kept && this.now() - kept.at < FRESH_MS) return kept.entry;
    const fresh = { at: this.now(), entry: this.read(classType) };
    this.classes.delete(classType);
    const [oldest] = this.classes.keys();
    if (oldest !== undefined && this.classes.size >= MAX_CLASSES) this.classes.delete(oldest);
    this.classes.set(classType, fresh);
    fresh.entry.catch(() => {
      if (this.classes.get(classType) === fresh) this.classes.delete(classType);
    });
    return fresh.entry;
  }

  private async read(classType: string): Promise<ClassEntry> {
    const path = `/object_info/${encodeURIComponent(classType)}`;
    const all = await asThere(this.http.json(catalogSchema, { path, maxBytes: MAX_BYTES.models }));
    if (!Object.hasOwn(all, classType)) return { known: false };
    const { data } = classSchema.safeParse(all[classType]);
    const inputs = new Map(Object.entries({ ...data?.input.optional, ...data?.input.required }));
    return { known: true, choicesOf: (input) => listedChoices(inputs.get(input)) };
  }
}

/** ComfyUI lists only the files that lie directly in its input folder, under their plain names. */
function isListed({ kind, name }: MissingThing): boolean {
  return kind !== 'file' || !/[/\\]|\[(input|output|temp)\]\s*$/.test(name);
}
