import { headers } from 'next/headers';
import { createApiClient, type ApiClient } from '../lib/api-client.ts';

/** The API as the visitor may use it. `x-podium-origin` is set and overwritten by our own server. */
export async function serverApi(): Promise<ApiClient> {
  const given = await headers();
  const forwarded = ['cookie', 'authorization'].flatMap((name) => {
    const value = given.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return createApiClient({ baseUrl: given.get('x-podium-origin') ?? '', headers: Object.fromEntries(forwarded) });
}
