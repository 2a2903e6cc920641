/** Where a pod answers. Paths keep the prefix and the query of its base URL. */
export interface PodAddress {
  origin: string;
  /** For people: no user, password or query. */
  shown: string;
  /** `Authorization` from a user and password in the base URL. */
  authorization?: string;
  /** Loopback: certainly no proxy of somebody else's between. */
  local: boolean;
  secure: boolean;
  /** Path and query to ask for. `path` begins with a slash. */
  pathOf(path: string, query?: Record<string, string>): string;
  socketUrl(clientId: string): string;
  /** A URL for people and programs, without the base URL's secrets. */
  publicUrl(path: string, query: Record<string, string>): string;
}

/** @throws TypeError where the URL cannot be parsed or is neither http nor https */
export function podAddress(baseUrl: string): PodAddress {
  const url = new URL(baseUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError('A pod URL begins with http or https');
  const prefix = url.pathname.replace(/\/+$/, '');
  const withQuery = (path: string, query: Record<string, string>, own: URLSearchParams) => {
    const params = new URLSearchParams([...own, ...Object.entries(query)]).toString();
    return `${prefix}${path}${params === '' ? '' : `?${params}`}`;
  };
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    origin: url.origin,
    shown: `${url.origin}${prefix}`,
    ...(credentials !== ':' && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    local: /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname),
    secure: url.protocol === 'https:',
    pathOf: (path, query = {}) => withQuery(path, query, url.searchParams),
    socketUrl: (clientId) => `${url.origin.replace(/^http/, 'ws')}${withQuery('/ws', { clientId }, url.searchParams)}`,
    publicUrl: (path, query) => `${url.origin}${withQuery(path, query, new URLSearchParams())}`,
  };
}

/** Headers a caller may not set: they belong to the connection, and a pod refuses a foreign `Origin` with 403. */
const NOT_OURS = new Set(['origin', 'host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'te']);

/** The extra headers of a pod as they are sent, on HTTP and on the WebSocket. */
export function podHeaders(address: PodAddress, headers: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    ...(address.authorization !== undefined && { authorization: address.authorization }),
    ...Object.fromEntries(given.filter(([name]) => !NOT_OURS.has(name) && !name.startsWith('sec-websocket-'))),
  };
}
