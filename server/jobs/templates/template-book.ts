import {
  templateRecordSchema,
  templateSummarySchema,
  type TemplateRecord,
  type TemplateSummary,
} from '../../../lib/protocol/templates.ts';
import { jsonOf } from '../records/stored-text.ts';

/** Port: the templates of a desk, kept by its store and shared by its instances. Durable when a promise resolves. */
export interface TemplateBook {
  /** Those changed last first. What this version cannot read is left out here and by `get`. */
  list(): Promise<TemplateSummary[]>;
  get(id: string): Promise<TemplateRecord | undefined>;
  /**
   * Writes templates, or newer forms of those with these ids: all or none. `full`: there would be more than `MAX_TEMPLATES`,
   * or more than `MAX_ALL_TEMPLATES_CHARS` of them.
   */
  save(templates: readonly TemplateRecord[]): Promise<'saved' | 'full'>;
  /** @returns whether it was there */
  remove(id: string): Promise<boolean>;
}

/** A template as stores keep it: its record and what a list shows of it, both JSON. */
export interface TemplateTexts {
  id: string;
  updatedAt: string;
  record: string;
  summary: string;
}

/** @throws where it is no template: what cannot be read back is not written */
export function templateTexts(template: TemplateRecord): TemplateTexts {
  const checked = templateRecordSchema.parse(template);
  const { id, updatedAt } = checked;
  // What a summary lacks is taken away by its schema.
  const summary = JSON.stringify(templateSummarySchema.parse(checked));
  return { id, updatedAt, record: JSON.stringify(checked), summary };
}

export function readTemplate(text: string): TemplateRecord | undefined {
  return templateRecordSchema.safeParse(jsonOf(text)).data;
}

/** Those changed last first. */
export function readSummaries(texts: readonly string[]): TemplateSummary[] {
  return texts
    .flatMap((text) => templateSummarySchema.safeParse(jsonOf(text)).data ?? [])
    .toSorted((a, b) => order(b.updatedAt, a.updatedAt) || order(a.id, b.id));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
