import { z } from 'zod';
import { isoTimeSchema } from '../jobs/job.ts';
import { promptSchema } from '../workflow/prompt.ts';

/** Most templates of a desk, and most characters of one and of all as JSON: all of them fit into one exported file. */
export const MAX_TEMPLATES = 500;
export const MAX_TEMPLATE_CHARS = 4_000_000;
export const MAX_ALL_TEMPLATES_CHARS = 32_000_000;

/** What a person keeps of a workflow to use it again. */
export const templateContentSchema = z
  .object({
    name: z.string().trim().min(1).max(200),
    description: z.string().trim().max(1000).default(''),
    prompt: promptSchema,
    /** The editor’s form, where it is known. */
    workflow: z.unknown().optional(),
    /** Which fields the form shows first, by `FormField.key`, in order; left out: those the form would choose itself. */
    fields: z
      .array(z.object({ key: z.string().max(500), label: z.string().max(200).optional() }))
      .max(200)
      .optional(),
    /** A small picture as a data URL: WebP, PNG or JPEG. */
    thumbnail: z
      .string()
      .max(100_000)
      .regex(
        /^data:image\/(webp|png|jpeg);base64,[A-Za-z0-9+/=]+$/,
        'must be a data URL of a WebP, PNG or JPEG picture',
      )
      .optional(),
  })
  .strict();
export type TemplateContent = z.infer<typeof templateContentSchema>;

/** As it is kept and shown. What a newer version adds is passed over. */
export const templateRecordSchema = templateContentSchema.strip().extend({
  schemaVersion: z.literal(1),
  id: z.uuid(),
  createdAt: isoTimeSchema,
  updatedAt: isoTimeSchema,
});
export type TemplateRecord = z.infer<typeof templateRecordSchema>;

/** A template in a list: without its workflow. */
export const templateSummarySchema = templateRecordSchema.omit({
  schemaVersion: true,
  prompt: true,
  workflow: true,
  fields: true,
});
export type TemplateSummary = z.infer<typeof templateSummarySchema>;
export const templateListSchema = z.object({ templates: z.array(templateSummarySchema) });

/** A file of exported templates. */
export const templateExportSchema = z.object({
  format: z.literal('podium-templates'),
  version: z.literal(1),
  templates: z.array(templateContentSchema).max(MAX_TEMPLATES),
});
export type TemplateExport = z.infer<typeof templateExportSchema>;

/** What an import took in. */
export const templatesImportedSchema = z.object({ imported: z.number().int().nonnegative() });
