import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PodVersion } from '../../server/demo-pod/pod-types.ts';

/** Recordings of real pods lie beside the checkout, one folder a version. */
const RECORDINGS = new URL('../../../shared/comfyui/', import.meta.url);

const httpRow = z.object({
  kind: z.literal('http'),
  t: z.number(),
  method: z.string(),
  path: z.string(),
  requestBody: z.unknown().optional(),
  requestHeaders: z.record(z.string(), z.string()).optional(),
  status: z.number().optional(),
  contentType: z.string().nullish(),
  tookMs: z.number(),
  body: z.string().optional(),
  base64: z.string().optional(),
  error: z.string().optional(),
});
const socketRow = z.object({
  kind: z.literal('ws'),
  t: z.number(),
  socket: z.string(),
  dir: z.enum(['open', 'out', 'in', 'close', 'refused']),
  clientId: z.string().optional(),
  text: z.string().optional(),
  base64: z.string().optional(),
  code: z.number().nullish(),
});
const noteRow = z.object({ kind: z.literal('note'), t: z.number(), text: z.string() });
const row = z.discriminatedUnion('kind', [httpRow, socketRow, noteRow]);

export type HttpRow = z.infer<typeof httpRow>;
export type SocketRow = z.infer<typeof socketRow>;
export type TapeRow = z.infer<typeof row>;

/** The rows of one recording in order of arrival; an answer stands where it was complete. */
export function readTape(version: PodVersion, name: string): TapeRow[] {
  return readFileSync(new URL(`${version}/${name}.jsonl`, RECORDINGS), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => row.parse(JSON.parse(line)));
}

/** When a row began, in milliseconds of the tape. */
export function startedAt(entry: TapeRow): number {
  return entry.kind === 'http' ? entry.t - entry.tookMs : entry.t;
}

/** One of the recorded whole bodies, such as `object_info.json`. */
export function readRecording(version: PodVersion, file: string): unknown {
  return JSON.parse(readFileSync(new URL(`${version}/${file}`, RECORDINGS), 'utf8'));
}
