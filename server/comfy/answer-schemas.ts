import { z } from 'zod';
import type { PodQueueEntry, PodStats } from '../jobs/pod-client.ts';

const amount = z.number().nonnegative().catch(0);

/** `GET /system_stats`. Older pods give no version, some devices no memory. */
export const systemStatsSchema = z
  .object({
    system: z.object({
      comfyui_version: z.string().max(100).nullish(),
      ram_total: amount.optional(),
      ram_free: amount.optional(),
    }),
    devices: z
      .array(
        z.object({
          name: z.string().max(300).catch('unknown'),
          type: z.string().max(100).catch('unknown'),
          vram_total: amount.optional(),
          vram_free: amount.optional(),
        }),
      )
      .max(100)
      .catch([]),
  })
  .transform(({ system, devices }): PodStats => ({
    version: system.comfyui_version ?? 'unknown',
    ramTotal: system.ram_total ?? 0,
    ramFree: system.ram_free ?? 0,
    devices: devices.map(({ name, type, vram_total = 0, vram_free = 0 }) => ({
      name,
      type,
      vramTotal: vram_total,
      vramFree: vram_free,
    })),
  }));

const queueRowSchema = z.tuple([z.number(), z.string()]).rest(z.unknown());
const podiumSchema = z.object({ podium: z.object({ jobId: z.string(), promptId: z.string().optional() }) });

/** A queue entry, with the id that we gave the prompt where the pod may have chosen another. */
export type QueueRow = PodQueueEntry & { ours?: string };

/** A queue row of another shape is not ours, so it is left out. */
const queueRows = z.array(z.unknown()).transform((rows) => rows.flatMap(queueEntry));

function queueEntry(row: unknown): QueueRow[] {
  const parsed = queueRowSchema.safeParse(row);
  if (!parsed.success) return [];
  const [number, promptId, , extraData] = parsed.data;
  const told = podiumSchema.safeParse(extraData);
  if (!told.success) return [{ number, promptId }];
  const { jobId, promptId: ours } = told.data.podium;
  return [{ number, promptId, jobId, ...(ours !== undefined && { ours }) }];
}

/** `GET /queue`: pending rows come as a heap, so they are put in order of their numbers. */
export const queueSchema = z
  .object({ queue_running: queueRows, queue_pending: queueRows })
  .transform(({ queue_running, queue_pending }) => ({
    running: queue_running,
    pending: queue_pending.toSorted((a, b) => a.number - b.number),
  }));

/** `GET /history…`: prompt id → entry. */
export const historySchema = z.record(z.string(), z.unknown());

/** The id that we gave the prompt of a history entry; undefined where the entry does not tell. */
export function oursOfEntry(entry: unknown): string | undefined {
  const parsed = z.object({ prompt: queueRowSchema }).safeParse(entry);
  const told = podiumSchema.safeParse(parsed.data?.prompt[3]);
  return told.data?.podium.promptId;
}

/** `GET /api/jobs/{id}`, of which only the status is used: `pending`, `in_progress`, `completed`, `failed` on 0.8.0. */
export const jobStatusSchema = z.object({ status: z.string() });

/** A 200 to `POST /prompt`. */
export const acceptedSchema = z.object({
  prompt_id: z.string().min(1).max(200),
  number: z.number().optional().catch(undefined),
  node_errors: z.unknown(),
});

/** What ComfyUI says when it refuses a prompt: either field tells that it was ComfyUI. */
export const rejectedSchema = z.union([
  z.looseObject({ error: z.union([z.string(), z.looseObject({})]) }),
  z.looseObject({ node_errors: z.looseObject({}) }),
]);

export const modelNamesSchema = z.array(z.string()).max(100_000);
