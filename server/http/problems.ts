import type { Context } from 'hono';
import { problemRules, type Problem, type ProblemCode } from '../../lib/protocol/errors.ts';

/** Seconds a client is asked to wait where the answer is 503. */
const RETRY_AFTER_S = 5;

/** Problem details (RFC 9457) of one refusal. */
export function problemOf(code: ProblemCode, detail: string, errors?: Problem['errors']): Problem {
  const { status, title } = problemRules[code];
  return { type: `urn:podium:problem:${code}`, title, status, detail, code, ...(errors && { errors }) };
}

export function problemResponse(problem: Problem): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.status === 503 && { 'retry-after': String(RETRY_AFTER_S) }),
    },
  });
}

/** The path is known, the method is not. */
export function refuseMethod(method: string, path: string, allowed: string[]): Response {
  const response = refuse('method_not_allowed', `${path} takes ${allowed.join(', ')}, not ${method}.`);
  response.headers.set('allow', allowed.join(', '));
  return response;
}

/** A refusal inside a route. */
export function refuse(code: ProblemCode, detail: string, errors?: Problem['errors']): Response {
  return problemResponse(problemOf(code, detail, errors));
}

/** The problem an exception stands for, told by its `code`; undefined where it is a bug of ours. */
function problemOfError(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const code = error.code;
  if (code === 'store_unavailable') return problemOf('store_unavailable', `${error.message} Try again in a moment.`);
  if (typeof code !== 'string' || !(code in problemRules)) return undefined;
  const errors = 'errors' in error ? (error.errors as Problem['errors']) : undefined;
  return problemOf(code as ProblemCode, error.message, errors);
}

/** Answers an exception; what is not a known refusal is reported and hidden. */
export function answerError(report: (error: unknown) => void) {
  return (error: Error, _context: Context): Response => {
    const problem = problemOfError(error);
    if (problem) return problemResponse(problem);
    report(error);
    return refuse('internal', 'Podium met an error of its own. Its log says more; the request can be sent again.');
  };
}
