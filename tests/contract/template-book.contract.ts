import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_ALL_TEMPLATES_CHARS, MAX_TEMPLATES, type TemplateRecord } from '../../lib/protocol/templates.ts';
import type { TemplateBook } from '../../server/jobs/templates/template-book.ts';
import { second } from '../support/sample-jobs.ts';

interface StoreWithTemplates {
  readonly templates: TemplateBook;
}

/** An empty store that can be closed and opened again over what it keeps. */
export interface TemplateHarness {
  store: StoreWithTemplates;
  reopen: () => Promise<StoreWithTemplates>;
  dispose: () => Promise<void>;
}

/** A template that was changed `seconds` after the start of 2026. */
export function templateAt(seconds: number, more: Partial<TemplateRecord> = {}): TemplateRecord {
  return {
    schemaVersion: 1,
    id: randomUUID(),
    name: `Füchse ${seconds}`,
    description: 'Zwei „Füchse“',
    prompt: { '1': { class_type: 'EmptyImage', inputs: { width: 8, text: '狐' } } },
    workflow: { nodes: [{ id: 1, type: 'EmptyImage' }], links: [] },
    fields: [{ key: '1.width', label: 'Wide' }, { key: '1.text' }],
    thumbnail: 'data:image/webp;base64,AAAA',
    createdAt: second(0),
    updatedAt: second(seconds),
    ...more,
  };
}

/** What every `TemplateBook` must do, whatever it is made of. */
export function templateBookContract(name: string, open: () => Promise<TemplateHarness>): void {
  describe(`${name} as a TemplateBook`, () => {
    let harness: TemplateHarness;
    let book: TemplateBook;
    beforeEach(async () => {
      harness = await open();
      book = harness.store.templates;
    });
    afterEach(() => harness.dispose());
    const reopen = async () => {
      book = (await harness.reopen()).templates;
    };

    it('B360 is empty at first, and keeps what it was given over a restart', async () => {
      expect(await book.list()).toEqual([]);
      const [one, bare] = [templateAt(1), templateAt(2)];
      delete bare.workflow;
      delete bare.fields;
      delete bare.thumbnail;
      expect(await book.save([one])).toBe('saved');
      expect(await book.save([bare])).toBe('saved');
      await reopen();
      expect(await book.get(one.id)).toEqual(one);
      expect(await book.get(bare.id)).toEqual(bare);
      expect(await book.get(randomUUID())).toBeUndefined();
    });

    it('B360 lists those changed last first, without their workflows', async () => {
      const [early, late, middle] = [templateAt(1), templateAt(9), templateAt(5)];
      await book.save([early, late]);
      await book.save([middle]);
      const facesOf = (templates: TemplateRecord[]) =>
        templates.map(({ id, name: called, description, thumbnail, createdAt, updatedAt }) => ({
          id,
          name: called,
          description,
          thumbnail,
          createdAt,
          updatedAt,
        }));
      expect(await book.list()).toEqual(facesOf([late, middle, early]));
    });

    it('B360 writes a newer form over the one with its id', async () => {
      const [first, other] = [templateAt(1), templateAt(2)];
      await book.save([first, other]);
      const changed = { ...first, name: 'Other', updatedAt: second(30) };
      delete changed.thumbnail;
      await book.save([changed]);
      expect(await book.get(first.id)).toEqual(changed);
      expect((await book.list()).map(({ name: one }) => one)).toEqual(['Other', other.name]);
    });

    it('B360 removes a template once', async () => {
      const [one, other] = [templateAt(1), templateAt(2)];
      await book.save([one, other]);
      expect(await book.remove(one.id)).toBe(true);
      expect(await book.remove(one.id)).toBe(false);
      await reopen();
      expect(await book.get(one.id)).toBeUndefined();
      expect((await book.list()).map(({ id }) => id)).toEqual([other.id]);
    });

    it('B361 takes so many templates and no more; all of those given at once or none', async () => {
      const all = Array.from({ length: MAX_TEMPLATES - 1 }, (_, index) => templateAt(index));
      expect(await book.save(all)).toBe('saved');
      const two = [templateAt(1), templateAt(2)];
      expect(await book.save(two)).toBe('full');
      expect(await book.list()).toHaveLength(MAX_TEMPLATES - 1);
      expect(await book.save(two.slice(1))).toBe('saved');
      const [known] = all;
      expect(known && (await book.save([{ ...known, name: 'Changed' }]))).toBe('saved');
      await book.remove(known?.id ?? '');
      expect(await book.save(two.slice(0, 1))).toBe('saved');
    });

    it('B361 takes so many characters in all and no more, counted anew for what is replaced', async () => {
      const large = (seconds: number) => templateAt(seconds, { workflow: 'x'.repeat(MAX_ALL_TEMPLATES_CHARS / 4) });
      const three = [large(1), large(2), large(3)];
      expect(await book.save(three)).toBe('saved');
      expect(await book.save([large(4)])).toBe('full');
      expect(await book.save([{ ...large(5), id: three[0]?.id ?? '' }])).toBe('saved');
      expect(await book.save([templateAt(6)])).toBe('saved');
      await book.remove(three[1]?.id ?? '');
      expect(await book.save([large(7)])).toBe('saved');
    });

    it('B360 refuses what could not be read back', async () => {
      await expect(async () => book.save([{ ...templateAt(1), name: '' }])).rejects.toThrow();
      expect(await book.list()).toEqual([]);
    });
  });
}
