import { z } from 'zod';
import type { TemplateRecord } from '../../lib/protocol/templates.ts';
import { readSummaries, readTemplate, templateTexts, type TemplateBook } from '../jobs/templates/template-book.ts';
import type { RedisKeys } from './keys.ts';
import type { RedisCalls } from './redis-caller.ts';
import { REMOVE_TEMPLATE, SAVE_TEMPLATES } from './scripts/templates.ts';
import type { Tally } from './tally.ts';
import { untilKnown } from './until-known.ts';
import type { WriteRing } from './write-ring.ts';

/** The templates in hashes of their own. `track` is told of each write, so that closing waits for it. */
export class TemplateFacts implements TemplateBook {
  constructor(
    private readonly calls: RedisCalls,
    private readonly keys: RedisKeys,
    private readonly tally: Tally,
    private readonly ring: WriteRing,
    private readonly track: <T>(write: Promise<T>) => Promise<T>,
  ) {}

  async list() {
    const kept = await untilKnown(() => this.calls.call('HVALS', this.keys.templateSummaries));
    return readSummaries(z.array(z.string()).parse(kept));
  }

  async get(id: string) {
    const kept = await untilKnown(() => this.calls.call('HGET', this.keys.templates, id));
    const text = z.string().nullable().parse(kept);
    return text === null ? undefined : readTemplate(text);
  }

  async save(templates: readonly TemplateRecord[]): Promise<'saved' | 'full'> {
    const args = templates
      .map(templateTexts)
      .flatMap(({ id, record, summary }) => [id, record.length, record, summary]);
    const { word } = await this.track(untilKnown(() => this.tally.run(this.calls, SAVE_TEMPLATES, args)));
    if (word !== 'saved') return 'full';
    const name = `template ${templates.map(({ id }) => id).join(' ')}`;
    this.ring.add({ kind: 'script', name, script: SAVE_TEMPLATES, args });
    return 'saved';
  }

  async remove(id: string): Promise<boolean> {
    const removal = untilKnown(async (again) => {
      const { word } = await this.tally.run(this.calls, REMOVE_TEMPLATE, [id]);
      // Gone when it is looked at again: the first call did it.
      return word === 'removed' || again;
    });
    const removed = await this.track(removal);
    if (removed) this.ring.add({ kind: 'script', name: `template ${id}`, script: REMOVE_TEMPLATE, args: [id] });
    return removed;
  }
}
