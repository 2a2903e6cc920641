/** What becomes of one `POST /prompt`, whatever the pod itself would answer. */
export type PostFault =
  /** `reset-before`: the connection is destroyed when the body has arrived, the prompt is not taken. */
  | { kind: 'reset-before' }
  /** The prompt is taken, then the connection is destroyed without an answer. */
  | { kind: 'reset-after' }
  /** The prompt is taken; no answer until the client leaves. */
  | { kind: 'hang-after' }
  /** The prompt is taken at once and the answer comes `ms` milliseconds later. */
  | { kind: 'late'; ms: number }
  /** Something between answers with this status; `accept` says whether the pod took the prompt all the same. */
  | ({ kind: 'status'; accept: boolean } & StatusAnswer);

/** What becomes of any HTTP request that matches. */
export type HttpFault =
  | ({ kind: 'status' } & StatusAnswer)
  /** The connection is destroyed when the request has arrived. */
  | { kind: 'reset' }
  /** No answer until the client leaves. */
  | { kind: 'hang' }
  /** The pod's own answer, `ms` milliseconds late. */
  | { kind: 'delay'; ms: number }
  /** The pod's own answer with its true length, cut after `bytes` bytes of the body. */
  | { kind: 'cut'; bytes: number }
  /** These bytes with status 200; `endless` sends them again and again until the client leaves. */
  | { kind: 'raw'; body: Buffer; headers: Record<string, string>; endless?: boolean };

export interface StatusAnswer {
  status: number;
  body?: string;
  /** `text/html` unless given, as of a proxy's page. */
  contentType?: string;
  headers?: Record<string, string>;
}

export interface FaultMatch {
  method?: string;
  /** Without `/api` before it and without the query. Undefined: every path. */
  path?: string | RegExp;
}

/** The HTTP faults that are set on a pod. */
export class PodFaults {
  private readonly posts: PostFault[] = [];
  private readonly standing = new Set<{ match: FaultMatch; fault: HttpFault }>();

  failNextPost(fault: PostFault): void {
    this.posts.push(fault);
  }

  nextPost(): PostFault | undefined {
    return this.posts.shift();
  }

  /** Returns what ends the fault. */
  add(match: FaultMatch, fault: HttpFault): () => void {
    const entry = { match, fault };
    this.standing.add(entry);
    return () => void this.standing.delete(entry);
  }

  /** The newest fault that matches. */
  find(method: string, path: string): HttpFault | undefined {
    return [...this.standing].findLast(({ match }) => fits(match, method, path))?.fault;
  }
}

function fits(match: FaultMatch, method: string, path: string): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match.path === undefined) return true;
  return typeof match.path === 'string' ? match.path === path : match.path.test(path);
}
