import type { Server } from 'socket.io';
import type { ClientToServer, ServerToClient } from '../../lib/protocol/socket.ts';
import { isBehind } from './backlog.ts';

export type RelayIo = Server<ClientToServer, ServerToClient>;
export type Emission = {
  [E in keyof ServerToClient]: { name: E; event: Parameters<ServerToClient[E]>[0] };
}[keyof ServerToClient];

/** Events kept for a watch whose snapshot is being read; a read that takes longer than so many is given up. */
const MAX_HELD = 1000;

/** A watch between its request and its snapshot: what happens meanwhile is held back until the snapshot has left. */
export interface OpeningWatch {
  readonly socketId: string;
  readonly room: string;
  readonly held: Emission[];
  overflown: boolean;
}

/** Sends events to rooms, and holds them back for watches whose snapshot has not left yet. */
export class Rooms {
  private readonly opening = new Map<string, Set<OpeningWatch>>();

  constructor(private readonly io: RelayIo) {}

  /** Whether anybody watches, or is about to. */
  has(room: string): boolean {
    return this.opening.has(room) || this.io.sockets.adapter.rooms.has(room);
  }

  /** Begins a watch: from here on every event of the room reaches it, after the snapshot. */
  open(socketId: string, room: string): OpeningWatch {
    const watch: OpeningWatch = { socketId, room, held: [], overflown: false };
    const all = this.opening.get(room) ?? new Set();
    this.opening.set(room, all.add(watch));
    return watch;
  }

  /** Ends holding back without anything sent. */
  abandon(watch: OpeningWatch): void {
    const all = this.opening.get(watch.room);
    all?.delete(watch);
    if (all?.size === 0) this.opening.delete(watch.room);
  }

  /** The snapshot has left: sends what was held and joins the room, in one step that no event can slip through. */
  complete(watch: OpeningWatch): void {
    this.abandon(watch);
    const socket = this.io.sockets.sockets.get(watch.socketId);
    if (!socket) return;
    for (const emission of watch.held) emit(socket, emission);
    void socket.join(watch.room);
  }

  /** To everybody in the rooms, once each, but not to those in `except`, who get more. */
  send(rooms: string[], emission: Emission, except: string[] = []): void {
    if (rooms.length === 0) return;
    this.hold(rooms, emission);
    emit(this.io.to(rooms).except(except), emission);
  }

  /** The same, passing by clients that are behind. */
  sendDroppable(rooms: string[], emission: Emission, except: string[] = []): void {
    if (rooms.length === 0) return;
    this.hold(rooms, emission);
    const kind = emission.name === 'job:preview' ? 'preview' : 'progress';
    const behind = rooms
      .flatMap((room) => [...(this.io.sockets.adapter.rooms.get(room) ?? [])])
      .filter((id) => {
        const socket = this.io.sockets.sockets.get(id);
        return socket !== undefined && isBehind(socket, kind);
      });
    emit(this.io.to(rooms).except([...except, ...behind]), emission);
  }

  private hold(rooms: string[], emission: Emission): void {
    for (const room of rooms)
      for (const watch of this.opening.get(room) ?? []) {
        if (watch.held.length < MAX_HELD) watch.held.push(emission);
        else watch.overflown = true;
      }
  }
}

interface Emitter {
  emit<E extends keyof ServerToClient>(name: E, ...args: Parameters<ServerToClient[E]>): unknown;
}
function emit(target: Emitter, { name, event }: Emission): void {
  (target.emit as (name: string, event: unknown) => unknown).call(target, name, event);
}
