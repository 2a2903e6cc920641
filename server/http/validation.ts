import type { z } from 'zod';
import type { Problem } from '../../lib/protocol/errors.ts';
import { refuse } from './problems.ts';

/** Every wrong field of a parsed request, at most fifty. */
export function fieldErrors(error: z.ZodError, prefix = ''): NonNullable<Problem['errors']> {
  return error.issues.slice(0, 50).map((issue) => ({
    field: [prefix, ...issue.path.map(String)].filter((part) => part !== '').join('.') || 'body',
    message: issue.message,
  }));
}

/** What @hono/zod-openapi calls after parsing; answers a problem naming all wrong fields. */
export function onInvalid(result: { success: boolean; error?: unknown }): Response | undefined {
  if (result.success) return undefined;
  return refuse('invalid_request', 'Some fields are not valid.', fieldErrors(result.error as z.ZodError));
}
