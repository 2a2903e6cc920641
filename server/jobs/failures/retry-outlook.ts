import { failureRules } from '../../../lib/jobs/failure-rules.ts';
import type { JobError, MissingThing } from '../../../lib/jobs/job-error.ts';
import type { JobOutlook } from '../../../lib/protocol/jobs.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import { capital } from '../../../lib/jobs/words.ts';
import { isUsable } from '../pods/pod-health.ts';

type Pod = Pick<PodView, 'id' | 'name' | 'state' | 'reason'>;
type Lacks = (podId: string, things: readonly MissingThing[]) => Promise<MissingThing[] | undefined>;

/** What a retry would meet now. `pods` are those that may take the job. */
export async function retryOutlook(error: JobError | undefined, pods: readonly Pod[], lacks: Lacks) {
  const missing = error?.missing ?? [];
  if (pods.length === 0) return outlook('no', 'No pod that may take it is set up any more.');
  if (missing.length === 0 || !error) return outlookByState(error, pods);
  const asked = await Promise.all(pods.map(async (pod) => ({ pod, lacks: (await lacks(pod.id, missing)) ?? null })));
  return outlookByThings(missing, asked);
}

/** Whether a pod's lists can tell that it has the thing now. */
function canBeJudged({ kind, name, classType, input }: MissingThing): boolean {
  // A pod lists only files that lie directly in its input folder.
  if (kind === 'file' && /[/\\\]]/.test(name)) return false;
  return kind === 'node_type' || (classType !== undefined && input !== undefined);
}

function outlookByThings(
  missing: readonly MissingThing[],
  asked: readonly { pod: Pod; lacks: MissingThing[] | null }[],
): JobOutlook {
  const pods = asked.map(({ pod, lacks }) => ({ podId: pod.id, lacks }));
  const having = asked.filter(({ lacks }) => lacks?.length === 0).map(({ pod }) => pod);
  const unasked = asked.filter(({ lacks }) => lacks === null).map(({ pod }) => pod);
  const it = missing.length === 1 ? 'it' : 'everything';
  const [ready] = having.filter(isUsable);
  const [waiting] = having;
  if (ready && !missing.every(canBeJudged))
    return outlook('unknown', `Pod ${ready.name} may have ${it}: Podium cannot see that from outside.`, pods);
  if (ready) return outlook('yes', `Pod ${ready.name} has ${it} now: a retry will work.`, pods);
  if (waiting)
    return outlook('unknown', `Pod ${waiting.name} has ${it}, but takes no work now: a retry waits for it.`, pods);
  if (unasked.length === asked.length) return outlook('unknown', 'No pod could be asked what it has.', pods);
  const still = `${thingsOf(asked.flatMap(({ lacks }) => lacks ?? []))} missing on`;
  if (unasked.length === 0) return outlook('no', `${still} ${names(asked.map(({ pod }) => pod))}.`, pods);
  const others = asked.filter(({ lacks }) => lacks !== null).map(({ pod }) => pod);
  return outlook('unknown', `${still} ${names(others)}; ${names(unasked)} could not be asked.`, pods);
}

function outlookByState(error: JobError | undefined, pods: readonly Pod[]): JobOutlook {
  const [ready] = pods.filter(isUsable);
  if (!ready) {
    const [pod] = pods;
    const why = pods.length === 1 && pod?.reason !== undefined ? ` ${pod.reason}` : '';
    return outlook('no', `${capital(names(pods))} ${pods.length === 1 ? 'takes' : 'take'} no work now.${why}`);
  }
  if (error && sameAgain(error))
    return outlook('unknown', 'A retry meets the same workflow: it may fail the same way unless something changed.');
  return outlook('yes', `Pod ${ready.name} takes work: a retry can run now.`);
}

/** Whether the failure lies in what was submitted, so that a working pod alone does not mend it. */
function sameAgain({ code }: JobError): boolean {
  return failureRules[code].blame === 'workflow';
}

function thingsOf(lacking: readonly MissingThing[]): string {
  const things = [...new Set(lacking.map(({ name }) => `“${name}”`))];
  const shown = things.slice(0, 3).join(', ');
  const more = things.length > 3 ? ` and ${things.length - 3} more` : '';
  return `${shown}${more} ${things.length === 1 ? 'is' : 'are'} still`;
}

function names(pods: readonly Pod[]): string {
  const shown = pods.slice(0, 3).map(({ name }) => name);
  const more = pods.length > 3 ? ` and ${pods.length - 3} more` : '';
  return `${pods.length === 1 ? 'pod' : 'pods'} ${shown.join(', ')}${more}`;
}

function outlook(works: JobOutlook['works'], sentence: string, pods: JobOutlook['pods'] = []): JobOutlook {
  return { works, sentence, pods };
}
