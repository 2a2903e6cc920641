import { z } from 'zod';
import type { DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { waitUntil } from '../support/wait-until.ts';
import { binaryFrame, FrameLog, textFrame, type LoggedFrame } from './frame-log.ts';
import { normalise } from './normalise.ts';
import { createRenumber } from './renumber.ts';
import { startedAt, type HttpRow, type SocketRow, type TapeRow } from './tape.ts';

/** A pause in a tape after which the recorded pod had nothing more to do. */
const LONG_PAUSE_MS = 2_000;
const PAUSE_WITHOUT_SOCKET_MS = 1_200;

export interface Told {
  answers: { call: string; answer: unknown }[];
  /** Frames by socket, `status` apart: its place among the others is a race of two threads on a real pod. */
  frames: Record<string, unknown[]>;
  queueLengths: Record<string, unknown[]>;
  closeCodes: Record<string, unknown>;
}

const important = (frame: LoggedFrame): boolean => frame.type !== 'status';

/** What a tape says, in the form in which `replay` gives what a pod did. */
export function expected(tape: TapeRow[]): Told {
  const told: Told = { answers: [], frames: {}, queueLengths: {}, closeCodes: {} };
  const logs: Record<string, LoggedFrame[]> = {};
  for (const row of tape) {
    if (row.kind === 'http')
      told.answers.push({ call: call(row), answer: withoutEarlierJobs(recordedAnswer(row), tape) });
    if (row.kind !== 'ws') continue;
    if (row.dir === 'in') (logs[row.socket] ??= []).push(frameOf(row));
    if (row.dir === 'close') told.closeCodes[row.socket] = row.code ?? 'by the client';
    if (row.dir === 'refused') told.closeCodes[row.socket] = 'refused';
  }
  for (const [socket, frames] of Object.entries(logs)) Object.assign(told, withFrames(told, socket, frames));
  return createRenumber(chosenNumbers(tape))(told) as Told;
}

/** Does to a pod what was done to the recorded one, each step when as many frames have come as had come then. */
export async function replay(pod: DemoPod, tape: TapeRow[]): Promise<Told> {
  const told: Told = { answers: [], frames: {}, queueLengths: {}, closeCodes: {} };
  const logs = new Map<string, FrameLog>();
  const open = new Map<string, FrameLog>();
  let lastStep = 0;
  pod.control.outputOrder = recordedOutputOrder(tape);
  for (const row of tape) {
    if (row.kind === 'ws' && row.dir === 'in') continue;
    const pause = startedAt(row) - lastStep;
    const isOver = pause > LONG_PAUSE_MS || (open.size === 0 && pause > PAUSE_WITHOUT_SOCKET_MS);
    if (isOver && row.kind !== 'note') await nothingRuns(pod);
    for (const [name, log] of open) await caughtUp(tape, name, log, row);
    if (row.kind === 'http')
      told.answers.push({ call: call(row), answer: withoutEarlierJobs(await ask(pod, row), tape) });
    if (row.kind === 'note') {
      if (row.text === 'pod killed') await pod.control.refuseConnections(true);
      if (row.text === 'pod killed') pod.control.dropSockets();
      else await pod.control.restart();
    }
    if (row.kind === 'ws') await socketStep(pod, row, { logs, open, told });
    lastStep = row.t;
  }
  for (const [name, log] of logs) Object.assign(told, withFrames(told, name, log.frames));
  return createRenumber(chosenNumbers(tape))(told) as Told;
}

async function socketStep(
  pod: DemoPod,
  row: SocketRow,
  state: { logs: Map<string, FrameLog>; open: Map<string, FrameLog>; told: Told },
): Promise<void> {
  const { logs, open, told } = state;
  if (row.dir === 'refused') {
    const origin = 'http://evil.example';
    const outcome = await FrameLog.open(pod.url, 'x', { origin }).catch(() => 'refused');
    told.closeCodes[row.socket] = outcome;
  }
  if (row.dir === 'open') {
    const log = await FrameLog.open(pod.url, row.clientId ?? '');
    logs.set(row.socket, log);
    open.set(row.socket, log);
  }
  const log = open.get(row.socket);
  if (row.dir === 'out') log?.send(row.text ?? '');
  if (row.dir !== 'close' || !log) return;
  if (row.code) await log.until(() => log.closeCode !== undefined, 'the pod ends the socket');
  else await log.close();
  told.closeCodes[row.socket] = row.code ? log.closeCode : 'by the client';
  open.delete(row.socket);
}

/** Waits until as many frames have come as had come when the row began. */
async function caughtUp(tape: TapeRow[], socket: string, log: FrameLog, step: TapeRow): Promise<void> {
  const due = tape
    .slice(0, tape.indexOf(step))
    .filter((row) => row.kind === 'ws' && row.dir === 'in' && row.socket === socket && row.t <= startedAt(step))
    .filter((row) => important(frameOf(row as SocketRow))).length;
  // A frame that never comes is a difference for the comparison to show.
  await log.until((frames) => frames.filter(important).length >= due, `frame ${due}`, 6_000).catch(() => undefined);
}

/** A pod whose worker thread is dead never empties its queue. */
async function nothingRuns(pod: DemoPod): Promise<void> {
  const shape = z.object({ queue_running: z.array(z.unknown()) });
  await waitUntil(async () => {
    const queue = shape.parse(await (await fetch(`${pod.url}/queue`)).json());
    return queue.queue_running.length === 0;
  }, 'nothing runs');
}

async function ask(pod: DemoPod, row: HttpRow): Promise<unknown> {
  const text = row.requestHeaders?.['content-type'] === 'application/json' && row.requestBody === undefined;
  const body = text ? 'this is not json' : row.requestBody === undefined ? undefined : JSON.stringify(row.requestBody);
  try {
    const response = await fetch(pod.url + row.path, {
      method: row.method,
      headers: { ...row.requestHeaders },
      ...(body === undefined ? {} : { body }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return answerOf(response.status, response.headers.get('content-type'), bytes);
  } catch {
    return 'no answer';
  }
}

function recordedAnswer(row: HttpRow): unknown {
  if (row.error !== undefined) return 'no answer';
  const bytes = row.base64 === undefined ? Buffer.from(row.body ?? '') : Buffer.from(row.base64, 'base64');
  return answerOf(row.status ?? 0, row.contentType ?? null, bytes);
}

function answerOf(status: number, contentType: string | null, bytes: Buffer): unknown {
  const isText = contentType === null || /json|text/.test(contentType) || bytes.length === 0;
  return { status, contentType, body: isText ? normalise(bytes.toString()) : bytes.subarray(0, 8).toString('hex') };
}

/** `/api/jobs` lists what the recorded pod had run before, too. */
function withoutEarlierJobs(value: unknown, tape: TapeRow[]): unknown {
  const parsed = z.object({ body: z.object({ jobs: z.array(z.looseObject({ id: z.string() })) }) }).safeParse(value);
  if (!parsed.success) return value;
  const posted = new Set(tape.map((row) => (row.kind === 'http' ? promptIdOf(row.requestBody) : undefined)));
  return { jobs: parsed.data.body.jobs.filter((job) => posted.has(job.id)) };
}

function promptIdOf(body: unknown): string | undefined {
  return z.object({ prompt_id: z.string() }).safeParse(body).data?.prompt_id;
}

function call(row: HttpRow): string {
  return `${row.method} ${row.path}`;
}

function frameOf(row: SocketRow): LoggedFrame {
  return row.text === undefined ? binaryFrame(Buffer.from(row.base64 ?? '', 'base64')) : textFrame(row.text);
}

function withFrames(told: Told, socket: string, frames: LoggedFrame[]): Partial<Told> {
  const lengths = frames
    .filter((frame) => !important(frame))
    .map(({ content }) => (content as { data: { status: { exec_info: { queue_remaining: number } } } }).data.status)
    .map((status) => status.exec_info.queue_remaining);
  return {
    frames: { ...told.frames, [socket]: frames.filter(important).map((frame) => frame.content) },
    queueLengths: {
      ...told.queueLengths,
      [socket]: lengths.filter((length, at) => length !== lengths[at - 1]),
    },
  };
}

/** Queue numbers that the client chose itself. */
function chosenNumbers(tape: TapeRow[]): Set<number> {
  const body = z.object({ number: z.number() });
  const numbers = tape.map((row) => (row.kind === 'http' ? body.safeParse(row.requestBody).data?.number : undefined));
  return new Set(numbers.filter((number) => number !== undefined));
}

/** Python's sets have no order of their own: the outputs as the recorded pod happened to take them. */
function recordedOutputOrder(tape: TapeRow[]): string[] {
  for (const row of tape) {
    const outputs = row.kind === 'http' ? /, (\["[^\]]*"\])\]/.exec(row.body ?? '')?.[1] : undefined;
    if (outputs !== undefined) return JSON.parse(outputs) as string[];
  }
  return [];
}

/** Frames but for the steps of a node that runs: how many came before an interrupt or a cut is a matter of moments. */
export function withoutSteps(told: Told): Told {
  const step = z.object({
    type: z.literal('progress_state'),
    data: z.object({ nodes: z.record(z.string(), z.object({ state: z.string(), value: z.number() })) }),
  });
  const isStep = (frame: unknown): boolean => {
    if ((frame as { type?: unknown }).type === 'progress') return true;
    const nodes = Object.values(step.safeParse(frame).data?.data.nodes ?? {});
    return nodes.some((node) => node.state === 'running' && node.value > 0);
  };
  const frames = Object.entries(told.frames).map(([name, list]) => [name, list.filter((frame) => !isStep(frame))]);
  return { ...told, frames: Object.fromEntries(frames) as Told['frames'] };
}
