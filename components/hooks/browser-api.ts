import type { ApiClient } from '../../lib/api-client.ts';

/** Podium's API for this page. Its code, with all schemas, is loaded when it is first needed. */
export async function browserApi(): Promise<ApiClient> {
  const { createApiClient } = await import('../../lib/api-client.ts').catch((cause: unknown) => {
    // After an update the old page's files are gone.
    throw new Error('Podium is away or was updated. Reload the page when it is back.', { cause });
  });
  return createApiClient({ baseUrl: '' });
}

/** What to tell a person about a failed call: the refusal's own sentence and each field it names. */
export function failureLines(error: unknown): string[] {
  if (!(error instanceof Error)) return ['The request did not reach Podium. Check that it is running.'];
  const { problem } = error as Error & { problem?: { errors?: { field: string; message: string }[] } };
  return [error.message, ...(problem?.errors ?? []).map((one) => `${one.field}: ${one.message}`)];
}

/** A key under which the same submission may be sent again. `crypto.randomUUID` is missing where a page came by plain HTTP. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
