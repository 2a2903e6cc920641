import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { problemRules } from '../../lib/protocol/errors.ts';
import type { JobFilter } from '../../lib/protocol/jobs.ts';
import {
  jobWatchSchema,
  jobsWatchSchema,
  type ClientToServer,
  type ServerToClient,
} from '../../lib/protocol/socket.ts';
import { DeskError, type JobDesk, type PodDesk } from '../jobs/desk.ts';
import { listRoom } from './list-filter.ts';
import type { OpeningWatch, Rooms } from './watches.ts';

/** Jobs one browser may watch at a time. */
export const MAX_JOB_WATCHES = 32;
/** Requests one browser may make in `REQUEST_WINDOW_MS`: each watch reads the store. */
export const MAX_REQUESTS = 100;
export const REQUEST_WINDOW_MS = 10_000;
const SNAPSHOT_JOBS = 50;

export const PODS_ROOM = 'pods';
const JOB_ROOM = 'job:';
export const jobRoom = (jobId: string) => `${JOB_ROOM}${jobId}`;
/** The job whose watchers are in the room; undefined for any other room. */
export const jobOfRoom = (room: string) => (room.startsWith(JOB_ROOM) ? room.slice(JOB_ROOM.length) : undefined);

export interface RequestDeps {
  jobs: JobDesk;
  pods: PodDesk;
  rooms: Rooms;
  /** Filters of the rooms that lists are in, by room. */
  lists: Map<string, JobFilter>;
  /** `seq` of the newest event, and the process it counts for. */
  stamp: () => { epoch: string; seq: number };
  now: () => number;
  report: (error: unknown) => void;
}

/** Answers one browser's requests. Every request with an acknowledgement gets one. */
export function answerRequests(socket: Socket<ClientToServer, ServerToClient>, deps: RequestDeps): void {
  const { rooms } = deps;
  const watched = new Map<string, OpeningWatch>();
  let list: OpeningWatch | undefined;
  let windowStart = deps.now();
  let requests = 0;

  function spend(): void {
    if (deps.now() - windowStart >= REQUEST_WINDOW_MS) [windowStart, requests] = [deps.now(), 0];
    requests += 1;
    if (requests > MAX_REQUESTS) throw new DeskError('too_many_requests', 'Too many requests. Wait ten seconds.');
  }

  /** Runs a request and acknowledges its answer; `ack` may be anything a client sent. */
  async function answer(ack: unknown, request: () => Promise<object>, sent?: () => void): Promise<void> {
    const reply = (body: object) => {
      if (typeof ack === 'function') ack(body);
    };
    try {
      spend();
      reply(await request());
      sent?.();
    } catch (error) {
      reply({ error: refusalOf(error, deps.report) });
    }
  }

  /** Subscribes first, takes `seq`, reads, acknowledges, then sends what happened meanwhile. */
  async function watch<T extends object>(watching: OpeningWatch, isWanted: () => boolean, read: () => Promise<T>) {
    const stamp = deps.stamp();
    try {
      const snapshot = await read();
      if (!isWanted()) throw new DeskError('state_conflict', 'This watch was ended before its snapshot was read.');
      if (watching.overflown)
        throw new DeskError('store_unavailable', 'Too much happened while the snapshot was read. Watch again.');
      return { ...stamp, ...snapshot };
    } catch (error) {
      rooms.abandon(watching);
      throw error;
    }
  }

  function leaveList(): void {
    if (!list) return;
    rooms.abandon(list);
    void socket.leave(list.room);
    if (!rooms.has(list.room)) deps.lists.delete(list.room);
    list = undefined;
  }

  function leaveJob(jobId: string): void {
    const watching = watched.get(jobId);
    if (!watching) return;
    watched.delete(jobId);
    rooms.abandon(watching);
    void socket.leave(watching.room);
  }

  socket.on('job:watch', (body: unknown, ack: unknown) => {
    let watching: OpeningWatch | undefined;
    void answer(
      ack,
      async () => {
        const { jobId } = parse(jobWatchSchema, body);
        leaveJob(jobId);
        if (watched.size >= MAX_JOB_WATCHES)
          throw new DeskError('too_many_requests', `At most ${MAX_JOB_WATCHES} jobs are watched over one connection.`);
        const opened = rooms.open(socket.id, jobRoom(jobId));
        watched.set(jobId, opened);
        const isWanted = () => watched.get(jobId) === opened;
        try {
          const snapshot = await watch(opened, isWanted, async () => {
            const job = await deps.jobs.get(jobId);
            if (!job) throw new DeskError('job_not_found', `There is no job ${jobId}.`);
            return { job };
          });
          watching = opened;
          return snapshot;
        } catch (error) {
          if (isWanted()) watched.delete(jobId);
          throw error;
        }
      },
      () => watching && rooms.complete(watching),
    );
  });

  socket.on('jobs:watch', (body: unknown, ack: unknown) => {
    let watching: OpeningWatch | undefined;
    void answer(
      ack,
      async () => {
        const { filter } = parse(jobsWatchSchema, body);
        leaveList();
        const opened = rooms.open(socket.id, listRoom(filter));
        deps.lists.set(opened.room, filter);
        list = opened;
        try {
          const snapshot = await watch(
            opened,
            () => list === opened,
            () => deps.jobs.list({ filter, limit: SNAPSHOT_JOBS }),
          );
          watching = opened;
          return snapshot;
        } catch (error) {
          if (list === opened) leaveList();
          throw error;
        }
      },
      () => watching && rooms.complete(watching),
    );
  });

  socket.on('pods:watch', (_body: unknown, ack: unknown) => {
    void answer(ack, async () => {
      // Nothing is awaited between joining and reading, so nothing can happen between them.
      void socket.join(PODS_ROOM);
      return { ...deps.stamp(), pods: deps.pods.pods() };
    });
  });

  socket.on('job:unwatch', (body: unknown, ack: unknown) => {
    void answer(ack, async () => {
      leaveJob(parse(jobWatchSchema, body).jobId);
      return { ok: true };
    });
  });

  socket.on('jobs:unwatch', (_body: unknown, ack: unknown) => {
    void answer(ack, async () => {
      leaveList();
      return { ok: true };
    });
  });

  socket.on('disconnect', () => {
    leaveList();
    for (const jobId of watched.keys()) leaveJob(jobId);
  });
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DeskError('invalid_request', `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not valid'}`);
}

function refusalOf(error: unknown, report: (error: unknown) => void): { code: string; message: string } {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in problemRules)
    return { code: error.code, message: error.message };
  report(error);
  return { code: 'internal', message: 'Podium met an error of its own. Its log says more.' };
}
