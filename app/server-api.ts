import { headers } from 'next/headers';
import { createApiClient, type ApiClient } from '../lib/api-client.ts';
import { VISITOR_HEADER } from '../lib/protocol/visitor-header.ts';

/** The API as the visitor may use it. Headers of `x-podium-…` are set and overwritten by our own server. */
export async function serverApi(): Promise<ApiClient> {
  const given = await headers();
  const forwarded = ['cookie', 'authorization', VISITOR_HEADER].flatMap((name) => {
    const value = given.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return createApiClient({ baseUrl: given.get('x-podium-origin') ?? '', headers: Object.fromEntries(forwarded) });
}
