import { failureRules, type JobErrorCode } from '../../lib/jobs/failure-rules.ts';
import type { ExcludedPod, JobAttempt, TimelineEvent } from '../../lib/jobs/job.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { durationText } from '../time/time-text.ts';
import { enumeration, type NameOf } from './story-words.ts';

type FailedJob = Pick<JobDetail, 'attempts' | 'timeline' | 'excludedPods' | 'error' | 'wantedPodId' | 'endedAt'>;

/** Why a pod was left out, after its name. Codes that leave no pod out say what the failure was. */
const LEFT_OUT_BECAUSE: Partial<Record<JobErrorCode, string>> = {
  model_missing: 'lacks the model',
  file_missing: 'lacks the file',
  node_type_missing: 'lacks the node',
  node_import_failed: 'cannot load the node',
  model_damaged: 'has a damaged model file',
  pod_disk_full: 'has a full disk',
  prompt_too_large: 'does not take prompts of this size',
  upload_refused: 'does not take the uploaded file',
  upload_missing: 'could not be given the uploaded file',
  out_of_memory: 'has too little memory',
  gpu_broken: 'has a GPU that stopped working',
  poison: 'died with the work',
  hung: 'gave no sign of life',
};

/** What Podium did about a failure, by its own record since a person last asked, in sentences. `podIds`: all known pods. */
export function whatPodiumDid(job: FailedJob, podIds: readonly string[], nameOf: NameOf): string {
  const asked = job.timeline.findLast((event) => event.kind === 'retry_requested');
  const events = asked ? job.timeline.slice(job.timeline.indexOf(asked)) : job.timeline;
  const attempts = job.attempts.filter((attempt) => !asked || attempt.startedAt >= asked.at);
  return [
    triedSentence(attempts, nameOf, asked !== undefined),
    ...reworkSentence(attempts),
    ...betweenSentence(attempts, events, nameOf),
    ...leftOutSentences('It', job.excludedPods, nameOf),
    ...stoppedSentence(job, attempts, podIds),
  ].join(' ');
}

function triedSentence(attempts: JobAttempt[], nameOf: NameOf, again: boolean): string {
  const since = again ? 'Since the last retry was asked for, it' : 'It';
  if (attempts.length === 0) return `${since} gave it to no pod.`;
  const perPod = new Map<string, number>();
  for (const { podId } of attempts) perPod.set(podId, (perPod.get(podId) ?? 0) + 1);
  const [only] = perPod.keys();
  if (perPod.size === 1 && only !== undefined) return `${since} tried ${times(attempts.length)} on ${nameOf(only)}.`;
  const each = [...perPod].map(([podId, tries]) => `${times(tries)} on ${nameOf(podId)}`);
  return `${since} tried ${times(attempts.length)}: ${enumeration(each)}.`;
}

function reworkSentence(attempts: JobAttempt[]): string[] {
  const died = attempts.filter((attempt) => attempt.outcome === 'pod_died').length;
  const ranAgain = attempts.filter((attempt) => attempt.rework).length;
  if (died === 0) return [];
  const what = died === 1 ? 'A pod died with the work' : `Pods died with the work ${times(died)}`;
  return [ranAgain === 0 ? `${what}.` : `${what}, and it ran again.`];
}

/** What was done between the tries. */
function betweenSentence(attempts: JobAttempt[], events: TimelineEvent[], nameOf: NameOf): string[] {
  const waited = waitedMs(attempts);
  const checks = events.filter((event) => event.kind === 'health_checked').length;
  const freed = freedPods(events, attempts);
  const parts = [
    ...(waited < 1000 ? [] : [`waited ${durationText(waited)}`]),
    ...(checks === 0 ? [] : [`checked the pod ${times(checks)}`]),
    ...(freed === undefined
      ? []
      : [`freed the memory of ${freed.length > 0 ? enumeration(freed.map(nameOf)) : 'the pod'}`]),
  ];
  return parts.length === 0 ? [] : [`Before it tried again it ${enumeration(parts)}.`];
}

function waitedMs(attempts: JobAttempt[]): number {
  return attempts.slice(1).reduce((sum, attempt, index) => {
    const endedAt = attempts[index]?.endedAt;
    return endedAt === undefined ? sum : sum + Math.max(0, Date.parse(attempt.startedAt) - Date.parse(endedAt));
  }, 0);
}

/** Pods whose memory was freed, as far as they are known; undefined where none was. */
function freedPods(events: TimelineEvent[], attempts: JobAttempt[]): string[] | undefined {
  const freed = events.filter((event) => event.kind === 'memory_freed');
  if (freed.length === 0) return undefined;
  const pods = freed.map((event) => event.podId ?? attempts.find((attempt) => attempt.number === event.attempt)?.podId);
  return [...new Set(pods.filter((podId) => podId !== undefined))];
}

/** Which pods are left out and why, a sentence for each reason. */
export function leftOutSentences(who: 'It' | 'Podium', excluded: readonly ExcludedPod[], nameOf: NameOf): string[] {
  const byCode = new Map<JobErrorCode, string[]>();
  for (const { podId, code } of excluded) byCode.set(code, [...(byCode.get(code) ?? []), nameOf(podId)]);
  return [...byCode].map(([code, pods]) => {
    const reason = LEFT_OUT_BECAUSE[code];
    const [one] = pods;
    if (pods.length === 1 && reason !== undefined) return `${who} left out ${one}, which ${reason}.`;
    if (reason !== undefined) return `${who} left out ${enumeration(pods)}: each ${reason}.`;
    return `${who} left out ${enumeration(pods)}: ${lowered(failureRules[code].sentence)}`;
  });
}

function stoppedSentence(job: FailedJob, attempts: JobAttempt[], podIds: readonly string[]): string[] {
  const { error, wantedPodId } = job;
  if (!error) return [];
  // The record says `permanent` of whatever Podium gave up.
  const { category } = failureRules[error.code];
  if (error.code === 'unknown_failure') return ['It does not repeat what it does not know.'];
  if (error.code === 'poison') return ['It gave it to no further pod, so that none dies of it.'];
  if (error.code === 'hung') return ['It stopped it on the pod.'];
  if (error.code === 'internal' || error.code === 'stale') return [];
  if (category === 'permanent') {
    const reason = error.blame === 'workflow' ? ', since the same would happen again' : ' by itself';
    return [attempts.length > 1 ? 'Then it stopped.' : `It did not repeat it${reason}.`];
  }
  if (category === 'fatal') return ['It asks this pod for nothing more until someone has acted.'];
  if (category === 'transient') return attempts.length > 1 ? ['Then its tries were used up.'] : [];
  if (wantedPodId !== null) return ['It did not move it, since this pod was asked for.'];
  const seen = new Set([...attempts, ...job.excludedPods].map(({ podId }) => podId));
  if (podIds.every((podId) => seen.has(podId))) return ['No other pod was left that could take it.'];
  return [attempts.length > 1 ? 'Then it stopped.' : 'It did not repeat it by itself.'];
}

function times(number: number): string {
  if (number === 1) return 'once';
  return number === 2 ? 'twice' : `${number} times`;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
