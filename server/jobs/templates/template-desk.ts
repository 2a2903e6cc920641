import { randomUUID } from 'node:crypto';
import {
  MAX_ALL_TEMPLATES_CHARS,
  MAX_TEMPLATE_CHARS,
  MAX_TEMPLATES,
  templateContentSchema,
  type TemplateContent,
  type TemplateExport,
  type TemplateRecord,
  type TemplateSummary,
} from '../../../lib/protocol/templates.ts';
import { MAX_PROMPT_NODES } from '../../../lib/workflow/prompt.ts';
import { DeskError } from '../desk.ts';
import type { TemplateBook } from './template-book.ts';

/** What people do with templates. Every method may reject with `DeskError`. */
export class TemplateDesk {
  constructor(private readonly deps: { book: TemplateBook; clock: { now(): Date } }) {}

  /** Those changed last first. */
  list(): Promise<TemplateSummary[]> {
    return this.deps.book.list();
  }

  async get(id: string): Promise<TemplateRecord> {
    const template = await this.deps.book.get(id);
    if (!template) throw notFound(id);
    return template;
  }

  async create(content: TemplateContent): Promise<TemplateRecord> {
    check(content, '');
    const template = this.made(content);
    await this.save([template]);
    return template;
  }

  async update(id: string, content: TemplateContent): Promise<TemplateRecord> {
    check(content, '');
    const { createdAt } = await this.get(id);
    const template = { ...this.made(content), id, createdAt };
    await this.save([template]);
    return template;
  }

  async remove(id: string): Promise<void> {
    if (!(await this.deps.book.remove(id))) throw notFound(id);
  }

  /** All templates, or the one with this id, without what ties them to this desk. */
  async exported(id?: string): Promise<TemplateExport> {
    const ids = id === undefined ? (await this.list()).map((one) => one.id) : [id];
    const templates: TemplateContent[] = [];
    for (const one of ids) {
      const kept = await this.deps.book.get(one);
      if (!kept && id !== undefined) throw notFound(id);
      // What is not part of a template's content is taken away by its schema.
      if (kept) templates.push(templateContentSchema.strip().parse(kept));
    }
    return { format: 'podium-templates', version: 1, templates };
  }

  /** All or none, beside those that are there; a name may stand twice. @returns how many */
  async imported({ templates }: TemplateExport): Promise<number> {
    for (const [index, content] of templates.entries()) check(content, `templates.${index}.`);
    if (templates.length > 0) await this.save(templates.map((content) => this.made(content)));
    return templates.length;
  }

  private made(content: TemplateContent): TemplateRecord {
    const at = this.deps.clock.now().toISOString();
    return { ...content, schemaVersion: 1, id: randomUUID(), createdAt: at, updatedAt: at };
  }

  private async save(templates: readonly TemplateRecord[]): Promise<void> {
    if ((await this.deps.book.save(templates)) === 'saved') return;
    throw new DeskError(
      'templates_full',
      `There would be more than ${MAX_TEMPLATES} templates, or more than ${MAX_ALL_TEMPLATES_CHARS / 1_000_000} MB of them. Delete some that are no longer used.`,
    );
  }
}

/** `at`: where the template stands in a body, for the field that is named. */
function check(content: TemplateContent, at: string): void {
  const nodes = Object.keys(content.prompt).length;
  const refuse = (field: string, message: string) => {
    throw new DeskError('invalid_request', `${at}${field} ${message}`, [{ field: `${at}${field}`, message }]);
  };
  if (nodes === 0) refuse('prompt', 'has no nodes: a template needs a workflow.');
  if (nodes > MAX_PROMPT_NODES) refuse('prompt', `has ${nodes} nodes; at most ${MAX_PROMPT_NODES} are taken.`);
  if (JSON.stringify(content).length > MAX_TEMPLATE_CHARS)
    refuse(
      'workflow',
      `makes the template larger than ${MAX_TEMPLATE_CHARS / 1_000_000} MB. Take away what is not needed.`,
    );
}

function notFound(id: string): DeskError {
  return new DeskError('template_not_found', `There is no template ${id}. It may have been deleted.`);
}
