import { podEventSchema, type PodEvent } from '../../lib/jobs/pod-event.ts';
import { parseTolerantJson } from './tolerant-json.ts';

export type PodFrame =
  | { kind: 'event'; event: PodEvent }
  /** Binary kinds 1 and 4. Kind 1 names neither prompt nor node. */
  | {
      kind: 'preview';
      contentType: 'image/jpeg' | 'image/png';
      image: Uint8Array;
      promptId?: string;
      nodeId?: string;
    }
  /** Binary kind 3: text a node shows while it runs. */
  | { kind: 'text'; nodeId: string; text: string }
  /** A well-formed frame of a type Podium does not use. */
  | { kind: 'other' }
  | { kind: 'malformed'; reason: string };

/** Reads one frame of a pod's WebSocket. Never throws. */
export function readFrame(data: Uint8Array, isBinary: boolean): PodFrame {
  if (isBinary) return { kind: 'other' };
  const parsed = podEventSchema.safeParse(parseTolerantJson(Buffer.from(data).toString('utf8')));
  return parsed.success ? { kind: 'event', event: parsed.data } : { kind: 'other' };
}
