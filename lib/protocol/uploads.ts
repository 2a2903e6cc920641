import { z } from 'zod';

/** A file that was uploaded, known by its content. */
export const uploadSchema = z.object({
  /** SHA-256 of the bytes, lower-case hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** What a prompt names it by, see `lib/workflow/upload-name.ts`. */
  ref: z.string(),
  /** As the person called it. */
  name: z.string().max(200),
  bytes: z.number().int().nonnegative(),
  /** Sniffed from the content. */
  contentType: z.string(),
  kind: z.enum(['image', 'video', 'audio', 'other']),
});
export type Upload = z.infer<typeof uploadSchema>;

/** How much of an upload is here: bytes from the start. `upload` once it is whole. */
export const uploadStatusSchema = z.object({
  hash: z.string(),
  received: z.number().int().nonnegative(),
  upload: uploadSchema.optional(),
});
export type UploadStatus = z.infer<typeof uploadStatusSchema>;

/** Body of `POST /api/uploads/from-output`. */
export const fromOutputBodySchema = z
  .object({ jobId: z.string().min(1).max(100), index: z.number().int().nonnegative().max(999_999) })
  .strict();
