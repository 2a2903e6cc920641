import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { Server } from 'socket.io';
import { isOnPod, type Job } from '../../lib/jobs/job.ts';
import { detailOf, summaryOf } from '../../lib/jobs/job-view.ts';
import { withoutNodes, type JobProgress } from '../../lib/jobs/progress.ts';
import type { JobFilter } from '../../lib/protocol/jobs.ts';
import { WIRE_VERSION } from '../../lib/protocol/version.ts';
import type { JobDesk, PodDesk } from '../jobs/desk.ts';
import type { JobEvents, JobListener } from '../jobs/job-events.ts';
import type { PromptPreview } from '../jobs/pod-events.ts';
import { BacklogWatch, letGo } from './backlog.ts';
import { Coalescer, afterRealTime, type After } from '../jobs/runs/coalescer.ts';
import { concernsList, showsProgress } from './list-filter.ts';
import { PODS_ROOM, answerRequests, jobOfRoom, jobRoom } from './requests.ts';
import { Rooms, type RelayIo } from './watches.ts';

/** Milliseconds between two progress events of a job: to those who watch it, and to lists. */
export const JOB_PROGRESS_MS = 100;
export const LIST_PROGRESS_MS = 1000;
const PREVIEW_MS = 250;
const BATCH_MS = 1000;
/** A picture larger than this is no preview. */
const MAX_PREVIEW_BYTES = 512 * 1024;
const BACKLOG_LOOK_MS = 250;
/** Often, so that a page soon notices a process that no longer answers; patient with a page that is slow itself. */
const PING_MS = { every: 1000, answer: 10_000 };
/** A connection whose session ended is closed within this time. */
const RECHECK_MS = 15_000;

/** An answer to a connection that is not let in. */
export interface Refused {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface RelayOptions {
  server: HttpServer;
  jobs: JobDesk;
  pods: PodDesk;
  /** Asked for every request of either transport, and again while a connection lasts. Undefined lets it in. */
  refused: (req: IncomingMessage) => Promise<Refused | undefined>;
  report: (error: unknown) => void;
  /** Called when the first browser begins to watch a job, and when the last has left it. */
  onPreviewInterest?: (jobId: string, wanted: boolean) => void;
  after?: After;
}

export interface Relay extends JobEvents, Pick<JobListener, 'wants'> {
  /** Closes connections whose session has ended. */
  recheck(): Promise<void>;
  /** Tells every browser, then closes all connections; the HTTP server is the caller's. */
  close(): Promise<void>;
}

/** Takes the domain's events to browsers: rooms, coalescing, and snapshots that fit the events after them. */
export function createRelay(options: RelayOptions): Relay {
  const { server, jobs, pods, report, after = afterRealTime } = options;
  const epoch = randomUUID();
  let seq = 0;
  const next = () => ({ epoch, seq: ++seq });

  const io: RelayIo = new Server(server, {
    serveClient: false,
    destroyUpgrade: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: 16 * 1024,
    pingInterval: PING_MS.every,
    pingTimeout: PING_MS.answer,
    connectTimeout: 10_000,
  });
  io.sockets.adapter.on('create-room', (room: string) => tellInterest(room, true));
  io.sockets.adapter.on('delete-room', (room: string) => tellInterest(room, false));
  const rooms = new Rooms(io);
  const lists = new Map<string, JobFilter>();
  /** Jobs on pods, as last told, with their newest progress. */
  const live = new Map<string, { job?: Job; progress?: JobProgress }>();

  io.engine.use((req: IncomingMessage, res: ServerResponse, admit: () => void) => {
    options
      .refused(req)
      .then((refusal) => (refusal ? turnAway(req, res, refusal) : admit()))
      .catch((error: unknown) => {
        report(error);
        req.socket.destroy();
      });
  });
  io.engine.on('headers', (headers: Record<string, string>) => {
    headers['x-content-type-options'] = 'nosniff';
    headers['cache-control'] = 'no-store';
  });
  io.use((socket, admit) => {
    const wire: unknown = socket.handshake.auth['wire'] ?? socket.handshake.query['wire'];
    if (wire === undefined || String(wire) === String(WIRE_VERSION)) return admit();
    const refusal = new Error('Podium speaks another version of the wire. Reload the page.');
    admit(Object.assign(refusal, { data: { code: 'wire_version', expected: WIRE_VERSION } }));
  });
  io.on('connection', (socket) => {
    socket.on('disconnect', () => {
      backlog.forget(socket.id);
      letGo(socket);
    });
    answerRequests(socket, { jobs, pods, rooms, lists, stamp: () => ({ epoch, seq }), now: Date.now, report });
  });

  const backlog = new BacklogWatch();
  const looking = setInterval(() => backlog.look(io.sockets.sockets.values()), BACKLOG_LOOK_MS);
  const rechecking = setInterval(() => void recheck(), RECHECK_MS);

  async function recheck(): Promise<void> {
    for (const socket of io.sockets.sockets.values()) {
      const refusal = await options.refused(socket.request).catch(report);
      // Wrong tokens of others at the same address are no reason to cut who is signed in.
      if (refusal?.status === 401) socket.conn.close();
    }
  }

  function tellInterest(room: string, wanted: boolean): void {
    const jobId = jobOfRoom(room);
    if (jobId !== undefined) options.onPreviewInterest?.(jobId, wanted);
  }

  const listsOf = (fits: (filter: JobFilter) => boolean) =>
    [...lists].filter(([room, filter]) => rooms.has(room) && fits(filter)).map(([room]) => room);

  // `seq` is given when an event leaves, not when it is offered: on the wire it only rises.
  const forJobs = new Coalescer<JobProgress>(
    JOB_PROGRESS_MS,
    (jobId, progress) => {
      if (!rooms.has(jobRoom(jobId))) return;
      const event = { ...next(), jobId, progress: progress.percent, live: progress };
      rooms.sendDroppable([jobRoom(jobId)], { name: 'job:progress', event });
    },
    after,
  );
  const forLists = new Coalescer<JobProgress>(
    LIST_PROGRESS_MS,
    (jobId, progress) => {
      const job = live.get(jobId)?.job;
      const to = listsOf((filter) => job === undefined || showsProgress(filter, job));
      if (to.length === 0) return;
      const event = { ...next(), jobId, progress: progress.percent, live: withoutNodes(progress) };
      rooms.sendDroppable(to, { name: 'job:progress', event }, [jobRoom(jobId)]);
    },
    after,
  );
  const previews = new Coalescer<PromptPreview>(
    PREVIEW_MS,
    (jobId, { nodeId, contentType, bytes }) => {
      if (!rooms.has(jobRoom(jobId))) return;
      const image = Buffer.from(bytes) as unknown as ArrayBuffer;
      const event = { ...next(), jobId, ...(nodeId !== undefined && { nodeId }), contentType, image };
      rooms.sendDroppable([jobRoom(jobId)], { name: 'job:preview', event });
    },
    after,
  );

  /** Every list is told: its counts are over all jobs. */
  const batches = new Coalescer<true>(
    BATCH_MS,
    (batchId) =>
      rooms.send(
        listsOf(() => true),
        { name: 'batch:changed', event: { ...next(), batchId } },
      ),
    after,
  );

  return {
    // Without a browser nothing is shown; a job of which progress was heard is followed to its end all the same.
    wants: ({ id }) => io.sockets.sockets.size > 0 || live.has(id),
    jobChanged(job, given) {
      const known = live.get(job.id)?.progress;
      const progress = known && 'promptId' in job && known.promptId === job.promptId ? known : given;
      if (isOnPod(job.state)) live.set(job.id, { job, ...(progress && { progress }) });
      else live.delete(job.id);
      // What waits is older than this change, which carries the newest progress itself.
      for (const lane of [forJobs, forLists, previews]) lane.drop(job.id);
      if (job.batch) batches.offer(job.batch.id, true);
      const stamp = next();
      const room = jobRoom(job.id);
      const to = listsOf((filter) => concernsList(filter, job));
      if (to.length === 0 && !rooms.has(room)) return;
      const event = { ...stamp, jobId: job.id, state: job.state, job: summaryOf(job, progress) };
      if (rooms.has(room))
        rooms.send([room], { name: 'job:changed', event: { ...event, detail: detailOf(job, progress) } });
      rooms.send(to, { name: 'job:changed', event }, [room]);
    },
    jobProgress(jobId, progress) {
      const known = live.get(jobId);
      live.set(jobId, { ...known, progress });
      forJobs.offer(jobId, progress);
      forLists.offer(jobId, progress);
    },
    jobPreview(jobId, preview) {
      if (preview.bytes.byteLength <= MAX_PREVIEW_BYTES) previews.offer(jobId, preview);
    },
    batchMade(batchId) {
      batches.offer(batchId, true);
    },
    podChanged(pod) {
      rooms.send([PODS_ROOM], { name: 'pod:changed', event: { ...next(), pod } });
    },
    /** Every browser connects anew by itself, and begins with a snapshot. */
    missed() {
      // Jobs that ended unheard would stay here for good.
      live.clear();
      for (const socket of io.sockets.sockets.values()) socket.conn.close();
    },
    recheck,
    async close() {
      clearInterval(looking);
      clearInterval(rechecking);
      for (const lane of [forJobs, forLists, previews, batches]) lane.stop();
      io.emit('server:closing', {});
      // Not `disconnectSockets`: a browser told to leave does not come back after a restart. Nor `io.close`, which waits
      // until the HTTP server has no connection left.
      io.engine.close();
      await io.sockets.adapter.close();
    },
  };
}

/** A WebSocket upgrade has no response object that writes, so it is answered on its TCP socket. */
function turnAway(req: IncomingMessage, res: ServerResponse, { status, headers, body }: Refused): void {
  if (req.headers.upgrade === undefined) {
    res.writeHead(status, headers).end(body);
    return;
  }
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' });
  const head = [`HTTP/1.1 ${status} Refused`, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  req.socket.end(`${head}\r\n\r\n${body}`);
}
