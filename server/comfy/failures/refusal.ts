import { z } from 'zod';
import type { JobErrorCode } from '../../../lib/jobs/failure-rules.ts';
import { jobError, type JobError, type MissingThing } from '../../../lib/jobs/job-error.ts';
import { isLink, type Prompt } from '../../../lib/workflow/prompt.ts';
import { capital } from '../../../lib/jobs/words.ts';
import { ended, nodeLabel, short } from '../../../lib/workflow/node-label.ts';
import { readNodeErrors, type Problem } from '../node-problems.ts';
import { redacted } from './redact.ts';

const MAX_MISSING = 50;

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
    const missing = problems.flatMap((problem) => problem.missing ?? []);
    const nodes = Object.fromEntries(refused.map((node) => [node.nodeId, node.error]));
    const more = problems.length - 1;
    const rest =
      more === 0 ? '' : more === 1 ? ' One further problem is listed.' : ` ${more} further problems are listed.`;
    return jobError(codeOf(problems), `${first.sentence}${rest}`, {
      nodes,
      ...subjectOf(problems, refused[0]?.error.classType),
      ...(missing.length > 0 && { missing: missing.slice(0, MAX_MISSING) }),
    });
  }
  const error =
    typeof refusal.data.error === 'string' ? { type: 'unknown', message: refusal.data.error } : refusal.data.error;
  return wholeRefusal(error, prompt);
}

/** Only a prompt that lacks nothing but files can run on a pod that has them. */
function codeOf(problems: readonly Problem[]): JobErrorCode {
  if (!problems.every((problem) => problem.missing)) return 'prompt_rejected';
  return problems.some((problem) => problem.missing?.kind === 'model') ? 'model_missing' : 'file_missing';
}

function subjectOf(problems: readonly Problem[], classType: string | undefined): Pick<JobError, 'subject'> {
  const [thing] = codeOf(problems) === 'prompt_rejected' ? [] : problems.map(({ missing }) => missing?.name);
  const subject = thing ?? classType;
  return subject === undefined ? {} : { subject: subject.slice(0, 200) };
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
        errors: [{ type: error.type, message: short(redacted(error.message.slice(0, 4000)), 2000) }],
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
    const thing: MissingThing = {
      kind: 'node_type',
      name: unknownClass.slice(0, 500),
      ...(nodeId !== undefined && { nodeId: nodeId.slice(0, 200) }),
      folder: 'custom_nodes',
    };
    return jobError('node_type_missing', message, { ...nodes, subject: thing.name.slice(0, 200), missing: [thing] });
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
        `The pod refused the prompt: ${ended(short(redacted(error.message || error.type), 300))}`,
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
