import { z } from 'zod';
import { podEventSchema, type PodEvent } from '../../lib/jobs/pod-event.ts';
import { parseTolerantJson } from '../../lib/tolerant-json.ts';

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

/** `current_inputs` of a failed node can be megabytes; more than this is no honest event. */
const MAX_EVENT_BYTES = 32 * 1024 * 1024;
/** Previews are at most 512 pixels wide by default. */
const MAX_PREVIEW_BYTES = 16 * 1024 * 1024;
const MAX_METADATA_BYTES = 64 * 1024;
const MAX_NODE_ID_BYTES = 1024;
/** Text of binary kind 3 is cut to this many characters. */
const MAX_NODE_TEXT = 10_000;

const EVENT_TYPES: ReadonlySet<string> = new Set(podEventSchema.options.map((option) => option.shape.type.value));
const typedSchema = z.object({ type: z.string() });
const previewMetadataSchema = z.object({
  prompt_id: z.string().nullish(),
  node_id: z.string().nullish(),
  image_type: z.string().nullish(),
});

/** Reads one frame of a pod's WebSocket. Never throws. An image is a view of `data`, not a copy. */
export function readFrame(data: Uint8Array, isBinary: boolean): PodFrame {
  return isBinary ? readBinary(data) : readText(data);
}

function readText(data: Uint8Array): PodFrame {
  if (data.byteLength > MAX_EVENT_BYTES) return malformed(`a text frame of ${data.byteLength} bytes`);
  const value = parsed(data);
  const typed = typedSchema.safeParse(value);
  if (!typed.success) return malformed('a text frame that is no JSON object with a type');
  if (!EVENT_TYPES.has(typed.data.type)) return { kind: 'other' };
  const event = podEventSchema.safeParse(value);
  return event.success
    ? { kind: 'event', event: event.data }
    : malformed(`an event ${typed.data.type} of another shape`);
}

/** Layouts: §3 of the protocol, all numbers big-endian. */
function readBinary(data: Uint8Array): PodFrame {
  if (data.byteLength < 8) return malformed('a binary frame shorter than its header');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const kind = view.getUint32(0);
  const second = view.getUint32(4);
  const rest = data.subarray(8);
  if (kind === 1) return preview(second === 1 ? 'image/jpeg' : second === 2 ? 'image/png' : undefined, rest);
  if (kind !== 3 && kind !== 4) return { kind: 'other' };
  const limit = kind === 3 ? MAX_NODE_ID_BYTES : MAX_METADATA_BYTES;
  if (second > rest.byteLength || second > limit)
    return malformed(`a binary frame of kind ${kind} with a wrong length`);
  const head = rest.subarray(0, second);
  const body = rest.subarray(second);
  if (kind === 3)
    return {
      kind: 'text',
      nodeId: utf8(head),
      text: utf8(body.subarray(0, 4 * MAX_NODE_TEXT)).slice(0, MAX_NODE_TEXT),
    };
  const metadata = previewMetadataSchema.safeParse(parsed(head));
  if (!metadata.success) return malformed('a preview whose metadata is not readable');
  const { prompt_id: promptId, node_id: nodeId, image_type: type } = metadata.data;
  const contentType = type === 'image/jpeg' || type === 'image/png' ? type : undefined;
  return preview(contentType, body, { ...(promptId != null && { promptId }), ...(nodeId != null && { nodeId }) });
}

function preview(
  contentType: 'image/jpeg' | 'image/png' | undefined,
  image: Uint8Array,
  about: { promptId?: string; nodeId?: string } = {},
): PodFrame {
  if (!contentType) return { kind: 'other' };
  if (image.byteLength === 0 || image.byteLength > MAX_PREVIEW_BYTES)
    return malformed(`a preview of ${image.byteLength} bytes`);
  return { kind: 'preview', contentType, image, ...about };
}

function parsed(data: Uint8Array): unknown {
  try {
    return parseTolerantJson(utf8(data));
  } catch {
    return undefined;
  }
}

function utf8(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
}

function malformed(reason: string): PodFrame {
  return { kind: 'malformed', reason };
}
