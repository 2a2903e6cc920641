import { MAX_ALL_TEMPLATES_CHARS, MAX_TEMPLATES, type TemplateRecord } from '../../lib/protocol/templates.ts';
import { readSummaries, readTemplate, templateTexts, type TemplateBook } from '../jobs/templates/template-book.ts';
import type { Statements } from './statements.ts';

/** What is needed of the store: a write shares its transaction with others, a read is done at once. */
export interface StoreAccess {
  write<T>(run: () => T): Promise<T>;
  read<T>(look: () => T): T;
}

/** The templates in a table of their own. */
export class TemplateTables implements TemplateBook {
  constructor(
    private readonly sql: Statements,
    private readonly access: StoreAccess,
  ) {}

  async list() {
    const rows = this.access.read(() => this.sql.all<{ summary: string }>('SELECT summary FROM templates'));
    return readSummaries(rows.map(({ summary }) => summary));
  }

  async get(id: string) {
    const row = this.access.read(() =>
      this.sql.get<{ record: string }>('SELECT record FROM templates WHERE id = @id', { id }),
    );
    return row && readTemplate(row.record);
  }

  save(templates: readonly TemplateRecord[]): Promise<'saved' | 'full'> {
    const all = templates.map(templateTexts);
    return this.access.write(() => {
      const held = this.sql.all<{ id: string; chars: number }>('SELECT id, length(record) AS chars FROM templates');
      const chars = new Map(held.map((one) => [one.id, one.chars]));
      for (const { id, record } of all) chars.set(id, record.length);
      const total = [...chars.values()].reduce((sum, one) => sum + one, 0);
      if (chars.size > MAX_TEMPLATES || total > MAX_ALL_TEMPLATES_CHARS) return 'full';
      for (const { id, record, summary } of all)
        this.sql.run(
          `INSERT INTO templates VALUES (@id, @record, @summary)
            ON CONFLICT DO UPDATE SET record = excluded.record, summary = excluded.summary`,
          { id, record, summary },
        );
      return 'saved';
    });
  }

  remove(id: string): Promise<boolean> {
    return this.access.write(() => this.sql.run('DELETE FROM templates WHERE id = @id', { id }) > 0);
  }
}
