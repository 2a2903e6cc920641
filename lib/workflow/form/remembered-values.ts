import { z } from 'zod';
import type { FormField, FormValues } from './form-field.ts';

const MAX_WORKFLOWS = 30;
/** Characters of JSON. Browsers keep 5 million for a site. */
const MAX_CHARS = 400_000;

const valueSchema = z.union([z.string(), z.number(), z.boolean()]);
const rememberedSchema = z.object({
  version: z.literal(1),
  /** The newest first. */
  workflows: z.array(
    z.object({ key: z.string(), values: z.record(z.string(), valueSchema), name: z.string().max(200) }),
  ),
});
/** What was submitted last of each workflow. */
export type Remembered = z.infer<typeof rememberedSchema>;
export type RememberedWorkflow = Remembered['workflows'][number];

/** Reads what `writeRemembered` wrote; anything else is nothing. */
export function readRemembered(text: string | null): Remembered {
  const nothing: Remembered = { version: 1, workflows: [] };
  if (text === null || text.length > MAX_CHARS) return nothing;
  try {
    return rememberedSchema.catch(nothing).parse(JSON.parse(text));
  } catch {
    return nothing;
  }
}

/** What to keep once a workflow was submitted: at most 30 of them, the oldest given up first, in 400,000 characters. */
export function writeRemembered(
  held: Remembered,
  { key, values, name }: { key: string; values: FormValues; name: string },
): string {
  const kept = Object.fromEntries(
    Object.entries(values).flatMap(([field, value]) => {
      const read = valueSchema.safeParse(value);
      return read.success ? [[field, read.data]] : [];
    }),
  );
  const others = held.workflows.filter((one) => one.key !== key);
  const workflows = [{ key, values: kept, name: name.slice(0, 200) }, ...others].slice(0, MAX_WORKFLOWS);
  for (;;) {
    const text = JSON.stringify({ version: 1, workflows });
    if (text.length <= MAX_CHARS || workflows.length === 0) return text;
    workflows.pop();
  }
}

/** The values of it that a form can still take: fields that are there, with values of their kind that differ. */
export function rememberedFor(
  held: Remembered,
  key: string,
  fields: readonly FormField[],
): RememberedWorkflow | undefined {
  const found = held.workflows.find((one) => one.key === key);
  if (!found) return undefined;
  const values = fields.flatMap((field) => {
    const value = Object.hasOwn(found.values, field.key) ? found.values[field.key] : undefined;
    const fits = value !== undefined && typeof value === typeof field.value && value !== field.value;
    return fits ? [[field.key, value] as const] : [];
  });
  return { ...found, values: Object.fromEntries(values) };
}
