import { z } from 'zod';
import type { JobErrorCode } from '../../../lib/jobs/failure-rules.ts';
import { jobError, type JobError } from '../../../lib/jobs/job-error.ts';
import type { Prompt } from '../../../lib/workflow/prompt.ts';
import { capital } from '../../../lib/jobs/words.ts';
import { ended, nodeLabel, short } from '../../../lib/workflow/node-label.ts';
import { executionCode } from './execution-rules.ts';
import { memoryNumbers, sizeText } from './memory-numbers.ts';
import { fileAtHand, missingFile, type FailedNode } from './missing-in-text.ts';
import { redacted } from './redact.ts';

const text = z.string().nullish().catch(null);
const executionSchema = z.object({
  node_id: text,
  node_type: text,
  exception_type: text,
  exception_message: text,
  traceback: z
    .union([z.array(z.string()), z.string()])
    .nullish()
    .catch(null),
});

const MAX_TRACEBACK = 20_000;
const MAX_MESSAGE = 2000;

/** The error of a node that failed while it ran: the data of `execution_error`, from a frame or from history. */
export function executionError(data: unknown, prompt: Prompt = {}): JobError {
  const read = executionSchema.safeParse(data);
  if (!read.success) return jobError('unknown_failure', 'The pod reports a failure without saying which node failed.');
  const { node_id: nodeId, node_type: nodeType, exception_type: type, traceback } = read.data;
  const original = (read.data.exception_message ?? '').slice(0, 2 * MAX_MESSAGE);
  const node: FailedNode = { nodeId: nodeId ?? undefined, classType: nodeType ?? undefined, prompt };
  const about = particulars(executionCode(type ?? '', original), original, node);
  const whole = redacted(original);
  const message = capital(sentence(about, labelOf(node), short(whole, 300)));
  return jobError(about.code, message, {
    ...(nodeId && {
      nodes: {
        [nodeId]: {
          ...(nodeType && { classType: nodeType }),
          errors: [{ type: type ?? 'unknown', message: whole.slice(0, MAX_MESSAGE) }],
        },
      },
    }),
    ...about.more,
    ...(type && { exceptionType: short(type, 200) }),
    ...(traceback && traceback.length > 0 && { traceback: newestLines(traceback) }),
  });
}

function labelOf({ nodeId, classType, prompt }: FailedNode): string {
  if (nodeId) return nodeLabel(nodeId, prompt, classType);
  return classType ? `“${short(classType, 80)}”` : 'a node';
}

interface Particulars {
  code: JobErrorCode;
  more: Pick<JobError, 'subject' | 'missing' | 'memory'>;
}

/** What a failure is about, by its code: a file, numbers, or the class of the node. */
function particulars(code: JobErrorCode, message: string, node: FailedNode): Particulars {
  const ofClass = node.classType ? { subject: node.classType.slice(0, 200) } : {};
  switch (code) {
    case 'model_missing':
    case 'file_missing': {
      const thing = missingFile(message, node);
      if (!thing) return { code, more: ofClass };
      const known = code === 'model_missing' || thing.kind === 'model' ? 'model_missing' : 'file_missing';
      const kind = known === 'model_missing' ? 'model' : 'file';
      return { code: known, more: { subject: thing.name.slice(0, 200), missing: [{ ...thing, kind }] } };
    }
    case 'model_damaged': {
      const file = fileAtHand(message, node);
      return { code, more: file === undefined ? ofClass : { subject: file.slice(0, 200) } };
    }
    case 'node_import_failed': {
      const missing = /No module named '([\w.]{1,150})/i.exec(message)?.[1];
      return { code, more: missing === undefined ? ofClass : { subject: missing } };
    }
    case 'out_of_memory': {
      const memory = memoryNumbers(message);
      return { code, more: { ...ofClass, ...(memory && { memory }) } };
    }
    case 'gpu_broken':
    case 'pod_disk_full':
      return { code, more: {} };
    default:
      return { code, more: ofClass };
  }
}

function sentence({ code, more }: Particulars, label: string, line: string): string {
  const said = line === '' ? 'it gave no message.' : ended(line);
  const [thing] = more.missing ?? [];
  switch (code) {
    case 'out_of_memory':
      return `${label} ran out of memory${memoryText(more.memory)}.`;
    case 'gpu_broken':
      return `${label} failed because the pod’s GPU no longer works: ${said}`;
    case 'pod_disk_full':
      return `${label} failed because the pod’s disk is full.`;
    case 'model_missing':
      return thing ? `${label} needs the model “${thing.name}”, which the pod does not have.` : `${label}: ${said}`;
    case 'file_missing':
      return thing ? `${label} reads the file “${thing.name}”, which the pod does not have.` : `${label}: ${said}`;
    case 'model_damaged':
      return `${label} cannot read ${more.subject === undefined ? 'its model' : `“${more.subject}”`}: ${said}`;
    case 'node_import_failed':
      return `${label} cannot run with what is installed on the pod: ${said}`;
    case 'inputs_mismatch':
      return `${label} was given parts that do not fit each other: ${said}`;
    case 'partner_api_refused':
      return `${label} was refused by the service it calls: ${said}`;
    default:
      return line === '' ? `${label} failed without a message.` : `${label} failed: ${said}`;
  }
}

function memoryText(memory: JobError['memory']): string {
  const { wanted, free, total } = memory ?? {};
  const asked = wanted === undefined ? '' : ` when it asked for ${sizeText(wanted)}`;
  if (free === undefined) return asked;
  return `${asked}; ${sizeText(free)}${total === undefined ? ' was free' : ` of ${sizeText(total)} was free`}`;
}

/** The end of a traceback says most. */
function newestLines(traceback: string | readonly string[]): string {
  const whole = typeof traceback === 'string' ? traceback : traceback.slice(-500).join('');
  // What is cut off may end in the middle of a secret; a line that is not whole is left out.
  const kept = whole.slice(-2 * MAX_TRACEBACK);
  const lines = kept.length < whole.length ? kept.slice(kept.indexOf('\n') + 1) : kept;
  return redacted(lines).slice(-MAX_TRACEBACK);
}

/**
 * The warning that belongs to an `execution_error` of type `ExecutionBlocked`, after which the prompt goes on; history
 * does not keep it.
 * @returns undefined where the error is another one
 */
export function blockedWarning(data: unknown, prompt: Prompt = {}): string | undefined {
  const read = executionSchema.safeParse(data);
  if (!read.success || read.data.exception_type !== 'ExecutionBlocked') return undefined;
  const { node_id: nodeId, node_type: nodeType, exception_message: message } = read.data;
  const why = short(redacted((message ?? '').slice(0, MAX_MESSAGE)), 300).replace(/^Execution Blocked:?\s*/i, '');
  const label = nodeId ? nodeLabel(nodeId, prompt, nodeType ?? undefined) : 'a node';
  return `${capital(label)} was held back by the workflow${why === '' ? '.' : `: ${ended(why)}`}`;
}
