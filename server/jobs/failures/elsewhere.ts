import type { MissingThing } from '../../../lib/jobs/job-error.ts';
import { failureRules } from '../../../lib/jobs/failure-rules.ts';
import { MAX_EXCLUDED_PODS } from '../../../lib/jobs/job.ts';
import { capital } from '../../../lib/jobs/words.ts';
import type { Decision, JobFacts, KnownPod, PolicySettings, SeenFailure } from './decision.ts';
import { enumerated, nowhereElse, podNames, sentences, thingName } from './sentences.ts';
import { otherPods } from './known-pod.ts';

/** What this pod cannot do another may: it goes there at once, and never again to a pod that is known not to help. */
export function moveElsewhere(
  job: JobFacts,
  seen: SeenFailure,
  pods: readonly KnownPod[],
  settings: PolicySettings,
): Decision {
  const { podId, error } = seen;
  const charged = failureRules[error.code].usesAttempt;
  const giveUp = (why: string | undefined): Decision => ({
    kind: 'give_up',
    error: { ...error, category: 'permanent', message: sentences(error.message, whatIsMissing(seen, pods), why) },
  });
  if (job.wantedPodId !== undefined) return giveUp(nowhereElse(podId, pods));
  const left = otherPods(job, podId, pods);
  const lacking = left.filter(({ lacks = [] }) => lacks.length > 0);
  const able = left.filter(({ reach, lacks = [] }) => lacks.length === 0 && reach !== 'away');
  const exclude = [podId, ...lacking.map(({ id }) => id)].map((id) => ({ podId: id, code: error.code }));
  if (able.length === 0) return giveUp(whyNowhere(job, seen, left, pods));
  if (charged && job.retriesUsed >= settings.maxRetries) return giveUp(undefined);
  if (job.excludedPods.length + exclude.length > MAX_EXCLUDED_PODS) return giveUp(undefined);
  const ready = able.filter(({ reach }) => reach === 'ready');
  const target = podNames(
    (ready.length > 0 ? ready : able).map(({ id }) => id),
    pods,
  );
  const plan = ready.length > 0 ? `Podium gives it to ${target}` : `Podium waits for ${target}`;
  return {
    kind: 'again',
    delayMs: 0,
    charged,
    exclude,
    plan: sentences(error.message, whatIsMissing(seen, pods), plan),
  };
}

/** Names each thing that is missing, the pods that lack it, and where it would be put. */
function whatIsMissing(seen: SeenFailure, pods: readonly KnownPod[]): string | undefined {
  const missing = seen.error.missing ?? [];
  if (missing.length === 0) return undefined;
  const clauses = missing.slice(0, MAX_NAMED).map((thing) => {
    const lackingToo = pods.filter(
      ({ id, lacks = [] }) => id !== seen.podId && lacks.some((one) => isSame(one, thing)),
    );
    return `${thingName(thing)} is missing on ${podNames([seen.podId, ...lackingToo.map(({ id }) => id)], pods)}`;
  });
  const more = missing.length > MAX_NAMED ? [`${missing.length - MAX_NAMED} more things`] : [];
  return capital(enumerated([...clauses, ...more]));
}
const MAX_NAMED = 5;

function whyNowhere(
  job: JobFacts,
  seen: SeenFailure,
  left: readonly KnownPod[],
  pods: readonly KnownPod[],
): string | undefined {
  const away = left.filter(({ reach, lacks }) => reach === 'away' && lacks === undefined).map(({ id }) => id);
  const before = job.excludedPods.map(({ podId }) => podId).filter((id) => id !== seen.podId);
  return sentences(
    before.length > 0 ? `Before, ${podNames(before, pods)} could not run it either` : undefined,
    away.length > 0 ? `At the moment ${podNames(away, pods)} cannot be given work` : undefined,
    before.length === 0 && away.length === 0 && pods.length < 2 ? 'There is no other pod' : undefined,
  );
}

function isSame(a: MissingThing, b: MissingThing): boolean {
  return a.kind === b.kind && a.name === b.name;
}
