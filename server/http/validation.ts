import type { z } from 'zod';
import type { Problem } from '../../lib/protocol/errors.ts';
import { refuse } from './problems.ts';

/** Every wrong field of a parsed request, at most fifty. */
export function fieldErrors(error: z.ZodError, prefix = ''): NonNullable<Problem['errors']> {
  const at = (path: readonly PropertyKey[]) =>
    [prefix, ...path.map(String)].filter((part) => part !== '').join('.') || 'body';
  return error.issues.slice(0, 50).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.slice(0, 50).map((key) => ({
          field: at([...issue.path, key]),
          message: 'There is no such field. Leave it out; /api/docs names those there are.',
        }))
      : [{ field: at(issue.path), message: issue.message }],
  );
}

/** What @hono/zod-openapi calls after parsing; answers a problem naming all wrong fields. */
export function onInvalid(result: { success: boolean; error?: unknown }): Response | undefined {
  if (result.success) return undefined;
  return refuse(
    'invalid_request',
    'Some fields are not valid: `errors` names each and says what it takes.',
    fieldErrors(result.error as z.ZodError),
  );
}
