import { z } from 'zod';
import { type JobErrorCode } from '../../lib/jobs/failure-rules.ts';
import { jobError, type JobError } from '../../lib/jobs/job-error.ts';
import { isLink, type Prompt } from '../../lib/workflow/prompt.ts';
import { capital, ended, nodeLabel, short } from './node-label.ts';
import { readNodeErrors } from './node-problems.ts';

const text = z.string().nullish().catch(null);
const refusalSchema = z.object({
  error: z.union([
    z.string(),
    z.object({
      type: z.string().catch('unknown'),
      message: z.string().catch(''),
      details: text,
      extra_info: z.object({ node_id: text, class_type: text }).nullish().catch(null),
    }),
  ]),
  node_errors: z.unknown().optional(),
});

/**
 * The error of a prompt that ComfyUI refused: the parsed body of a 400 to `POST /prompt`. A body that is no refusal of
 * ComfyUI gives a general `prompt_rejected`.
 */
export function rejectionError(body: unknown, prompt: Prompt): JobError {
  const refusal = refusalSchema.safeParse(body);
  if (!refusal.success) return jobError('prompt_rejected', 'The pod refused the prompt without saying why.');
  const refused = readNodeErrors(refusal.data.node_errors, prompt);
  const problems = refused.flatMap((node) => node.problems);
  const first = problems[0];
  if (first) {
    const code = problems.every((problem) => problem.missingFile) ? 'model_missing' : 'prompt_rejected';
    const nodes = Object.fromEntries(refused.map((node) => [node.nodeId, node.error]));
    const more = problems.length - 1;
    const rest =
      more === 0 ? '' : more === 1 ? ' One further problem is listed.' : ` ${more} further problems are listed.`;
    return jobError(code, `${first.sentence}${rest}`, { nodes });
  }
  const error =
    typeof refusal.data.error === 'string' ? { type: 'unknown', message: refusal.data.error } : refusal.data.error;
  return wholeRefusal(error, prompt);
}

interface WholeRefusal {
  type: string;
  message: string;
  details?: string | null | undefined;
  extra_info?: { node_id?: string | null | undefined; class_type?: string | null | undefined } | null | undefined;
}

/** A refusal that names no input: older pods say which node only in words. */
function wholeRefusal(error: WholeRefusal, prompt: Prompt): JobError {
  const nodeId = error.extra_info?.node_id ?? /Node ID '#(.+)'/.exec(`${error.details ?? ''} ${error.message}`)?.[1];
  const nodes = nodeId !== undefined && {
    nodes: {
      [nodeId]: {
        ...(prompt[nodeId]?.class_type !== undefined && { classType: prompt[nodeId].class_type }),
        errors: [{ type: error.type, message: short(error.message, 2000) }],
      },
    },
  };
  const about = nodeId === undefined ? 'a node' : nodeLabel(nodeId, prompt);
  const unknownClass =
    error.extra_info?.class_type ??
    /node (.+) does not exist/.exec(error.message)?.[1] ??
    /^Node '(.+)' not found/.exec(error.message)?.[1];
  if (/missing the class_type|has no class_type/.test(error.message))
    return jobError('prompt_rejected', `${capital(about)} has no class_type.`, { ...nodes });
  if ((error.type === 'missing_node_type' || error.type === 'invalid_prompt') && unknownClass) {
    const title = nodeId !== undefined && Object.hasOwn(prompt, nodeId) ? prompt[nodeId]?._meta?.title : undefined;
    const needs = nodeId === undefined ? 'the workflow' : title === undefined ? `node ${short(nodeId, 50)}` : about;
    const message = `The pod has no node type “${short(unknownClass, 100)}”, which ${needs} needs.`;
    return jobError('node_type_missing', message, { ...nodes });
  }
  switch (error.type) {
    case 'prompt_no_outputs':
      return jobError('prompt_rejected', 'The workflow has no node that saves or shows a result.');
    case 'no_prompt':
      return jobError('prompt_rejected', 'The pod received no prompt.');
    case 'prompt_outputs_failed_validation': {
      const loop = findLoop(prompt);
      return jobError(
        'prompt_rejected',
        loop
          ? `The links of the workflow form a loop through ${nodeLabel(loop, prompt)}.`
          : 'The pod found the prompt not valid, but did not say which node.',
        loop
          ? { nodes: { [loop]: { errors: [{ type: 'dependency_cycle', message: 'This node depends on itself.' }] } } }
          : {},
      );
    }
    default:
      return jobError(
        'prompt_rejected',
        `The pod refused the prompt: ${ended(short(error.message || error.type, 300))}`,
        {
          ...nodes,
        },
      );
  }
}

/** A node that depends on itself, if there is one. */
function findLoop(prompt: Prompt): string | undefined {
  const waiting = new Map(
    Object.entries(prompt).map(([id, node]) => [
      id,
      Object.values(node.inputs).flatMap((value) =>
        isLink(value) && Object.hasOwn(prompt, value[0]) ? [value[0]] : [],
      ),
    ]),
  );
  for (let before = -1; before !== waiting.size;) {
    before = waiting.size;
    for (const [id, sources] of waiting) if (!sources.some((source) => waiting.has(source))) waiting.delete(id);
  }
  // What is left is a loop or hangs on one: walking up the links never leaves it.
  let at = waiting.keys().next().value;
  for (let step = 0; at !== undefined && step < waiting.size; step += 1)
    at = waiting.get(at)?.find((source) => waiting.has(source));
  return at;
}

/** Warnings of a 200 that still carries `node_errors`: the outputs named there are dropped, the rest runs. */
export function partialWarnings(nodeErrors: unknown, prompt: Prompt): string[] {
  return readNodeErrors(nodeErrors, prompt)
    .slice(0, 20)
    .map((node) => {
      const outputs = (node.dependentOutputs.length > 0 ? node.dependentOutputs : [node.nodeId]).slice(0, 5);
      const why = node.problems[0]?.sentence ?? `${capital(nodeLabel(node.nodeId, prompt))} is not valid.`;
      return `The pod left out ${outputs.map((id) => nodeLabel(id, prompt)).join(', ')}: ${why}`;
    });
}

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

const OUT_OF_MEMORY_TYPE = /(^|\.)(OutOfMemoryError|OOM_EXCEPTION|MemoryError)$/;
const OUT_OF_MEMORY =
  /out of memory|allocation on device|not enough memory|failed to allocate memory|can't allocate memory|cannot allocate memory|ALLOC_FAILED|hipErrorOutOfMemory|cudaErrorMemoryAllocation/i;
const GPU_BROKEN =
  /(CUDA|HIP|ROCm) (driver )?error|device-side assert|illegal memory access|unspecified launch failure|(CUBLAS|CUDNN|HIPBLAS)_STATUS_(?!NOT_SUPPORTED)|no CUDA GPUs are available|GPU is lost|device (is )?lost|uncorrectable ECC/i;
const MAX_TRACEBACK = 20_000;

/** The error of a node that failed while it ran: the data of `execution_error`, from a frame or from history. */
export function executionError(data: unknown, prompt?: Prompt): JobError {
  const read = executionSchema.safeParse(data);
  if (!read.success) return jobError('node_failed', 'The pod reports a failure without saying which node failed.');
  const {
    node_id: nodeId,
    node_type: nodeType,
    exception_type: type,
    exception_message: message,
    traceback,
  } = read.data;
  const label = nodeId
    ? nodeLabel(nodeId, prompt, nodeType ?? undefined)
    : nodeType
      ? `“${short(nodeType, 80)}”`
      : 'a node';
  const whole = message ?? '';
  const line = short(whole, 300);
  const code = executionCode(type ?? '', whole);
  return jobError(code, capital(executionSentence(code, label, line, whole)), {
    ...(nodeId && {
      nodes: {
        [nodeId]: {
          ...(nodeType && { classType: nodeType }),
          errors: [{ type: type ?? 'unknown', message: whole.slice(0, 2000) }],
        },
      },
    }),
    ...(type && { exceptionType: short(type, 200) }),
    ...(traceback && traceback.length > 0 && { traceback: newestLines(traceback) }),
  });
}

function executionCode(type: string, message: string): JobErrorCode {
  if (OUT_OF_MEMORY_TYPE.test(type) || OUT_OF_MEMORY.test(message)) return 'out_of_memory';
  return GPU_BROKEN.test(message) ? 'gpu_broken' : 'node_failed';
}

function executionSentence(code: JobErrorCode, label: string, line: string, whole: string): string {
  if (code === 'out_of_memory') {
    const wanted = /tried to allocate ([\d.]+ ?[KMGT]i?B)/i.exec(whole)?.[1];
    return `${label} ran out of memory${wanted === undefined ? '' : ` when it asked for ${wanted}`}.`;
  }
  if (code === 'gpu_broken') return `${label} failed because the pod’s GPU no longer works: ${ended(line)}`;
  return line === '' ? `${label} failed without a message.` : `${label} failed: ${ended(line)}`;
}

/** The end of a traceback says most. */
function newestLines(traceback: string | readonly string[]): string {
  return (typeof traceback === 'string' ? traceback : traceback.slice(-500).join('')).slice(-MAX_TRACEBACK);
}

/**
 * The warning that belongs to an `execution_error` of type `ExecutionBlocked`, after which the prompt goes on; history
 * does not keep it.
 * @returns undefined where the error is another one
 */
export function blockedWarning(data: unknown, prompt?: Prompt): string | undefined {
  const read = executionSchema.safeParse(data);
  if (!read.success || read.data.exception_type !== 'ExecutionBlocked') return undefined;
  const { node_id: nodeId, node_type: nodeType, exception_message: message } = read.data;
  const why = short(message ?? '', 300).replace(/^Execution Blocked:?\s*/i, '');
  const label = nodeId ? nodeLabel(nodeId, prompt, nodeType ?? undefined) : 'a node';
  return `${capital(label)} was held back by the workflow${why === '' ? '.' : `: ${ended(why)}`}`;
}
