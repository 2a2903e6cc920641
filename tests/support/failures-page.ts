import { format, resolveConfig } from 'prettier';
import { REMEDY_LABELS } from '../../components/jobs/remedy-labels.ts';
import { podRemedy, podSentence } from '../../components/pods/pod-sentence.ts';
import { failureRules, JOB_ERROR_CODES, type JobErrorCode } from '../../lib/jobs/failure-rules.ts';
import { POD_STATES, type PodState } from '../../lib/protocol/pods.ts';
import { remedyOf } from '../../server/jobs/failures/decide.ts';

/** What Podium does by itself, by what can mend the failure. */
const BY_ITSELF: Readonly<Record<ReturnType<typeof remedyOf>, string>> = {
  time: 'tries again later, longer each time',
  memory: 'frees memory and tries again, then on a pod with more',
  another_pod: 'tries another pod',
  another_gpu: 'keeps the pod from work and tries another',
  rework: 'runs it again; sets it aside when several pods died of it',
  none: 'gives up at once',
};

const HEAD = `# Failures

Made from the code by \`npm run docs:failures\`; a test fails where it is out of date.

Every failure of a job has one of these codes. What was seen of it (an answer of the pod, a broken connection, an exception of
a node, a refusal) is sorted to its code by \`server/comfy/classify.ts\`; all that is decided about a code stands in
\`lib/jobs/failure-rules.ts\`, and what Podium does about it in \`server/jobs/failures\`.
`;

/** The whole of \`docs/failures.md\`, formatted as the repository is. */
export async function failuresPage(configPath: string): Promise<string> {
  const sections = [
    HEAD,
    '## What people read',
    wordsTable(),
    '## What is done',
    policyTable(),
    '## States of pods',
    podTable(),
  ];
  return format(sections.join('\n\n'), { ...(await resolveConfig(configPath)), parser: 'markdown' });
}

function wordsTable(): string {
  const rows = JOB_ERROR_CODES.map((code) => {
    const { sentence, cause, nextStep, actions } = failureRules[code];
    return [name(code), sentence, cause, nextStep, actions.map((action) => REMEDY_LABELS[action]).join(' · ')];
  });
  return table(['code', 'what happened', 'whose fault', 'what to do', 'buttons'], rows);
}

function policyTable(): string {
  const rows = JOB_ERROR_CODES.map((code) => {
    const { category, blame, status, countsAgainstBreaker, usesAttempt } = failureRules[code];
    const marks = [countsAgainstBreaker, usesAttempt].map((mark) => (mark ? 'yes' : ''));
    return [name(code), category, blame, BY_ITSELF[remedyOf(code)], String(status), ...marks];
  });
  const head = ['code', 'category', 'blame', 'what Podium does', 'HTTP', 'counts for the breaker', 'uses up a retry'];
  return table(head, rows);
}

function podTable(): string {
  const view = (state: PodState) => ({
    state,
    queue: { running: 0, pending: 0, foreign: 0, slots: 1, jobIds: [] },
    breaker: 'closed' as const,
    link: 'polling' as const,
    checkedAt: '2026-01-01T00:00:00.000Z',
  });
  const rows = POD_STATES.map((state) => [name(state), podSentence(view(state)), podRemedy(view(state)) ?? '']);
  return table(['state', 'what it is', 'what to do'], rows);
}

function name(code: JobErrorCode | PodState): string {
  return `\`${code}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
