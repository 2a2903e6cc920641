import { MAX_TEMPLATES, templateSummarySchema, type TemplateRecord } from '../../lib/protocol/templates.ts';
import type { TemplateBook } from '../../server/jobs/templates/template-book.ts';

/** A `TemplateBook` in memory. */
export function memoryTemplates(): TemplateBook {
  const kept = new Map<string, TemplateRecord>();
  return {
    list: async () => [...kept.values()].toReversed().map((template) => templateSummarySchema.parse(template)),
    get: async (id) => kept.get(id),
    async save(templates) {
      const fresh = templates.filter(({ id }) => !kept.has(id)).length;
      if (kept.size + fresh > MAX_TEMPLATES) return 'full';
      for (const template of templates) {
        kept.delete(template.id);
        kept.set(template.id, template);
      }
      return 'saved';
    },
    remove: async (id) => kept.delete(id),
  };
}
