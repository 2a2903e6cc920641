/** A pod's address as people may see it: without user, password and query. */
export function withoutSecrets(baseUrl: string): string {
  const url = new URL(baseUrl);
  return `${url.origin}${url.pathname === '/' ? '' : url.pathname}`;
}
