import { capital } from '../../../lib/jobs/words.ts';
import type { PodVerdict } from '../../../lib/protocol/workflows.ts';
import type { WorkflowProblem } from '../../../lib/workflow/preflight/problem.ts';
import { enumerated } from '../failures/sentences.ts';

const MAX_NAMED = 3;
/** Longest reason that a job's record keeps. */
const MAX_REASON = 500;

/** Why a pod cannot run it, as the end of a sentence: “the model “x” is missing and …”. */
export function reasonOf(problems: readonly WorkflowProblem[]): string {
  const things = thingsIn(problems);
  if (things.length > 0) {
    const kinds = [...new Set(things.slice(0, MAX_NAMED).map(({ kind }) => kind))];
    const rest = things.length - MAX_NAMED;
    const named = kinds.map((kind) => namesOf(things.slice(0, MAX_NAMED).filter((thing) => thing.kind === kind)));
    const all = [...named, ...(rest > 0 ? [`${rest} more`] : [])];
    return `${enumerated(all)} ${things.length === 1 ? 'is' : 'are'} missing`;
  }
  const [first] = problems;
  const rest = problems.length - 1;
  const more = rest > 0 ? ` (and ${rest} more ${rest === 1 ? 'problem' : 'problems'})` : '';
  return `${within(withoutStop(first?.message ?? 'it would be refused'))}${more}`;
}

/** The same as a whole sentence, at most 500 characters. */
export function reasonSentence(problems: readonly WorkflowProblem[]): string {
  return `${capital(reasonOf(problems)).slice(0, MAX_REASON - 1)}.`;
}

/** One pod's verdict in a sentence. */
export function verdictSentence(podName: string, verdict: PodVerdict['verdict'], problems: readonly WorkflowProblem[]) {
  if (verdict === 'runs') return `Runs on ${podName}.`;
  if (verdict === 'unknown') return `What ${podName} has is not known: it cannot be asked at the moment.`;
  return `On ${podName} ${reasonOf(problems)}.`;
}

/** All verdicts in one sentence: “Runs on A and B; on C the model “x” is missing.” */
export function summaryOf(verdicts: readonly PodVerdict[]): string {
  const of = (verdict: PodVerdict['verdict']) => verdicts.filter((one) => one.verdict === verdict);
  const [running, unknown] = [of('runs'), of('unknown')];
  const clauses = [
    ...(running.length > 0 ? [`runs on ${names(running)}`] : []),
    ...byReason(of('cannot').map(({ podName, problems }) => ({ podName, reason: reasonOf(problems) }))),
    ...(unknown.length > 0 ? [`what ${names(unknown)} ${unknown.length === 1 ? 'has' : 'have'} is not known`] : []),
  ];
  if (clauses.length === 0) return 'There is no pod that may take it.';
  return `${capital(clauses.join('; '))}.`;
}

/** What a job waits for that none of these pods can run: a sentence of at most 500 characters. */
export function waitSentence(unfit: readonly { podName: string; reason: string }[]): string {
  const clauses = byReason(unfit.map(({ podName, reason }) => ({ podName, reason: within(withoutStop(reason)) })));
  return `It waits for a pod that can run it: ${clauses.join('; ').slice(0, MAX_REASON - 60)}.`;
}

function byReason(unfit: readonly { podName: string; reason: string }[]): string[] {
  const reasons = [...new Set(unfit.map(({ reason }) => reason))];
  return reasons.map((reason) => `on ${names(unfit.filter((one) => one.reason === reason))} ${reason}`);
}

function names(pods: readonly { podName: string }[]): string {
  return enumerated(pods.map(({ podName }) => podName));
}

type Missing = NonNullable<WorkflowProblem['missing']>;

/** What is missing, each thing once. */
function thingsIn(problems: readonly WorkflowProblem[]): Missing[] {
  const things = new Map(
    problems.flatMap(({ missing }) => (missing ? [[missing.kind + missing.name, missing] as const] : [])),
  );
  return [...things.values()];
}

/** “the models “x” and “y””: of one kind. */
function namesOf(things: readonly Missing[]): string {
  const what = things[0]?.kind === 'node_type' ? 'node' : (things[0]?.kind ?? '');
  const quoted = things.map(({ name }) => `“${name.length > 100 ? `${name.slice(0, 99)}…` : name}”`);
  return `the ${what}${things.length === 1 ? '' : 's'} ${enumerated(quoted)}`;
}

function withoutStop(text: string): string {
  return text.replace(/\.$/u, '');
}

/** A sentence inside another. Names that it begins with keep their capitals. */
function within(text: string): string {
  return text.replace(/^(?:An?|It|No|The|This)\b/u, (word) => word.toLowerCase());
}
