import type { Readable } from 'node:stream';
import { Agent, Client, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { jobError, type JobError } from '../../lib/jobs/job-error.ts';
import { PodCallError } from '../jobs/pod-client.ts';
import { header, isHtml, isProxied, jsonOf, refusalOf, type PodAnswer } from './answer.ts';
import { readBounded } from './bounded-body.ts';
import { classifyFailure } from './classify.ts';
import { CallGate, type CallMet } from './call-gate.ts';
import type { PodAddress } from './pod-address.ts';
import { RequestPace } from './request-pace.ts';
import { SingleConnections } from './single-connection.ts';
import type { PodTiming } from './timing.ts';
import { transportFailure } from './transport-error.ts';

export interface PodCall {
  method?: 'GET' | 'POST';
  path: string;
  query?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  maxBytes: number;
  /** Longest time for the whole call; the timing's `callMs` where absent. */
  withinMs?: number;
  /** It asks for nothing but the pod's health: made even while others are kept back. */
  probe?: boolean;
}

/** What came of a request that must not be sent twice. */
export type SentOnce =
  | { kind: 'answer'; answer: PodAnswer }
  /** No connection came about: not one byte left. */
  | { kind: 'not_sent'; error: JobError }
  /** The connection stood, and `mayStart` said no: not one byte left. */
  | { kind: 'withheld' }
  /** The connection stood; what the pod read of it is not known. It is closed now. */
  | { kind: 'unknown'; reason: string };

export interface PodHttpHooks {
  /** Called after each call: whether something that may be ComfyUI answered. */
  onCall: (answered: boolean) => void;
}

/** HTTP to one pod: bounded in time and memory, no redirects, no hidden repetition, never an `Origin`. */
export class PodHttp {
  /** Whether an answer so far showed a proxy, or the address makes one likely. */
  proxied: boolean;
  private readonly agent: Agent;
  private readonly singles: SingleConnections;
  private readonly gate: CallGate;
  private readonly pace: RequestPace;
  /** Clients of requests that are sent once. */
  private readonly underway = new Set<Client>();
  private closed = false;

  constructor(
    private readonly address: PodAddress,
    private readonly headers: Record<string, string>,
    private readonly timing: PodTiming,
    private readonly hooks: PodHttpHooks,
    requestsPerSecond = 0,
  ) {
    this.gate = new CallGate(address.shown, () => performance.now());
    this.pace = new RequestPace(requestsPerSecond);
    this.proxied = address.secure && !address.local;
    this.singles = new SingleConnections(address.origin, timing.connectMs);
    this.agent = new Agent({ connections: 16, pipelining: 1, connect: { timeout: timing.connectMs } });
  }

  /** One call, its answer read whole whatever its status. @throws PodCallError `unreachable`, `too_large`, `bad_answer` */
  async call(call: PodCall): Promise<PodAnswer> {
    const isProbe = call.probe === true;
    await this.mayCall(isProbe);
    try {
      const response = await this.agent.request(this.options(call, call.withinMs ?? this.timing.callMs));
      const answer = await this.read(response, call.maxBytes);
      this.noteAnswer(answer, isProbe);
      return answer;
    } catch (error) {
      const failure = this.failure(error);
      const isAway = failure.kind === 'unreachable';
      this.note(!isAway, isAway ? 'away' : 'neutral', isProbe);
      throw failure;
    }
  }

  /** A call whose answer is JSON of this shape. @throws PodCallError for anything else, also for JSON of another shape */
  async json<T>(schema: z.ZodType<T>, call: PodCall): Promise<T> {
    const answer = await this.ok(call);
    const parsed = schema.safeParse(jsonOf(answer));
    if (parsed.success) return parsed.data;
    throw new PodCallError('bad_answer', `The pod’s answer to ${call.path} cannot be read.`, { cause: parsed.error });
  }

  /** A call that must be answered well, whose body does not matter. @throws PodCallError */
  async ok(call: PodCall): Promise<PodAnswer> {
    const answer = await this.call(call);
    const refusal = refusalOf(answer, this.address.shown);
    if (refusal) throw refusal;
    return answer;
  }

  /** Opens a body to be streamed; only pauses are bounded. @throws PodCallError */
  async open(
    path: string,
    query: Record<string, string>,
    headers: Record<string, string>,
  ): Promise<Dispatcher.ResponseData & { body: Readable }> {
    await this.mayCall(false);
    try {
      const response = await this.agent.request({
        ...this.options({ path, query, maxBytes: 0 }),
        headers: { ...this.headers, ...headers, 'accept-encoding': 'identity' },
        headersTimeout: this.timing.callMs,
        bodyTimeout: this.timing.outputIdleMs,
      });
      this.proxied ||= isProxied(response);
      const met = response.statusCode === 401 ? 'refused' : response.statusCode < 500 ? 'answered' : 'neutral';
      this.note(response.statusCode < 500, met, false);
      return response;
    } catch (error) {
      this.note(false, 'away', false);
      throw this.failure(error);
    }
  }

  /** What a body's own error means. */
  failure(error: unknown): PodCallError {
    if (error instanceof PodCallError) return error;
    return new PodCallError('unreachable', transportFailure(error, this.address.shown).message, { cause: error });
  }

  /**
   * One POST on a connection of its own, closed when this resolves. A pooled connection that the server has just closed
   * looks like a reset after the bytes left; a fresh one tells the two apart.
   */
  async once(path: string, body: unknown, maxBytes: number, mayStart?: () => boolean): Promise<SentOnce> {
    const keptBack = this.gate.refusal();
    if (keptBack) return { kind: 'not_sent', error: keptBackError(keptBack) };
    await this.pace.turn(true);
    if (this.closed)
      return { kind: 'not_sent', error: jobError('pod_unreachable', 'Podium stopped before it was sent.') };
    const { client, connected, withheld } = this.singles.take(mayStart);
    this.underway.add(client);
    try {
      const call: PodCall = { method: 'POST', path, body, maxBytes };
      const response = await client.request(this.options(call, this.timing.submitMs));
      const answer = await this.read(response, maxBytes);
      this.noteAnswer(answer, false);
      return { kind: 'answer', answer };
    } catch (error) {
      if (withheld() && !connected()) return { kind: 'withheld' };
      this.note(false, 'away', false);
      if (connected()) return { kind: 'unknown', reason: this.failure(error).message };
      return { kind: 'not_sent', error: classifyFailure({ kind: 'transport', error, shown: this.address.shown }) };
    } finally {
      this.underway.delete(client);
      await client.destroy().catch(() => undefined);
    }
  }

  /**
   * One POST whose body is streamed, on a connection of its own; only pauses are bounded. `unknown`: it broke off after
   * bytes had left, which says nothing against the pod. @throws the signal's reason
   */
  async send(
    path: string,
    body: { stream: Readable; type: string; bytes: number },
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Exclude<SentOnce, { kind: 'withheld' }>> {
    const keptBack = this.gate.refusal();
    if (keptBack) return { kind: 'not_sent', error: keptBackError(keptBack) };
    await this.pace.turn(false);
    const client = new Client(this.address.origin, { connect: { timeout: this.timing.connectMs } });
    let connected = false;
    client.once('connect', () => (connected = true));
    this.underway.add(client);
    try {
      const response = await client.request({
        ...this.options({ method: 'POST', path, maxBytes }),
        headers: { ...this.headers, 'content-type': body.type, 'content-length': String(body.bytes) },
        body: body.stream,
        headersTimeout: this.timing.inputIdleMs,
        bodyTimeout: this.timing.inputIdleMs,
        signal,
      });
      const answer = await this.read(response, maxBytes);
      this.noteAnswer(answer, false);
      return { kind: 'answer', answer };
    } catch (error) {
      signal.throwIfAborted();
      if (connected) return { kind: 'unknown', reason: this.failure(error).message };
      this.note(false, 'away', false);
      return { kind: 'not_sent', error: classifyFailure({ kind: 'transport', error, shown: this.address.shown }) };
    } finally {
      body.stream.destroy();
      this.underway.delete(client);
      await client.destroy().catch(() => undefined);
    }
  }

  /** Opens the connection of the next `once` ahead of it. */
  openAhead(): void {
    if (!this.closed) this.singles.openAhead();
  }

  /** Ends all calls under way. */
  async close(): Promise<void> {
    this.closed = true;
    this.pace.close();
    this.singles.discard();
    await Promise.all([this.agent, ...this.underway].map((one) => one.destroy().catch(() => undefined)));
  }

  /** @throws PodCallError while the pod is left alone */
  private async mayCall(isProbe: boolean): Promise<void> {
    const keptBack = isProbe ? undefined : this.gate.refusal();
    if (keptBack) throw keptBack;
    await this.pace.turn(isProbe);
  }

  private noteAnswer(answer: PodAnswer, isProbe: boolean): void {
    const html = isHtml(answer);
    this.note(answer.status < 500 && !html, metBy(answer.status, html), isProbe);
  }

  private note(answered: boolean, met: CallMet, isProbe: boolean): void {
    if (this.closed) return;
    this.gate.note(met, isProbe);
    this.hooks.onCall(answered);
  }

  private options(call: PodCall, withinMs?: number): Dispatcher.RequestOptions & { origin: string } {
    const sendsBody = call.body !== undefined;
    return {
      origin: this.address.origin,
      path: this.address.pathOf(call.path, call.query),
      method: call.method ?? 'GET',
      headers: {
        accept: 'application/json, */*;q=0.5',
        'accept-encoding': 'gzip',
        ...this.headers,
        ...(sendsBody && { 'content-type': 'application/json' }),
      },
      ...(sendsBody && { body: JSON.stringify(call.body) }),
      ...(withinMs !== undefined && {
        headersTimeout: withinMs,
        bodyTimeout: withinMs,
        signal: AbortSignal.timeout(withinMs),
      }),
    };
  }

  private async read(response: Dispatcher.ResponseData, maxBytes: number): Promise<PodAnswer> {
    const { statusCode: status, headers } = response;
    this.proxied ||= isProxied(response);
    const encoding = header({ headers }, 'content-encoding');
    return { status, headers, body: await readBounded(response.body, encoding, maxBytes) };
  }
}

function keptBackError({ kind, message }: PodCallError): JobError {
  return jobError(kind === 'unauthorized' ? 'pod_unauthorized' : 'pod_unreachable', message);
}

/** ComfyUI's own 500 shows that it is there, though not that it is well. */
function metBy(status: number, html: boolean): CallMet {
  if (status === 401 || (status === 403 && !html)) return 'refused';
  if (html || (status > 500 && status < 600)) return 'away';
  return status === 500 ? 'neutral' : 'answered';
}
