import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiClient } from '../../lib/api-client.ts';
import { MAX_TEMPLATES, type TemplateContent } from '../../lib/protocol/templates.ts';
import { openTestFront, post, type TestFront } from '../support/open-test-front.ts';

const content = (name: string): TemplateContent => ({
  name,
  description: 'Zwei „Füchse“',
  prompt: { '1': { class_type: 'EmptyImage', inputs: { width: 8, text: '狐' }, _meta: { title: 'Paper' } } },
  workflow: { nodes: [{ id: 1, type: 'EmptyImage' }], links: [] },
  fields: [{ key: '1.width', label: 'Wide' }],
  thumbnail: 'data:image/webp;base64,AAAA',
});
const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('templates over the API', () => {
  let front: TestFront;
  let api: ReturnType<typeof createApiClient>;
  beforeEach(async () => {
    front = await openTestFront();
    api = createApiClient({ baseUrl: front.origin });
  });
  afterEach(() => front.close());
  const names = async () => (await api.templates()).map(({ name }) => name);

  it('B362 keeps what it is given, lists it without the workflow, replaces and deletes it', async () => {
    const made = await api.createTemplate(content('One'));
    expect(made).toMatchObject({ ...content('One'), createdAt: made.updatedAt });
    expect(await api.template(made.id)).toEqual(made);
    const [listed] = await api.templates();
    expect(Object.keys(listed ?? {}).toSorted()).toEqual([
      'createdAt',
      'description',
      'id',
      'name',
      'thumbnail',
      'updatedAt',
    ]);
    const { thumbnail: _, ...bare } = content('Two');
    const changed = await api.updateTemplate(made.id, { ...bare, description: '' });
    expect(changed).toMatchObject({ id: made.id, createdAt: made.createdAt, name: 'Two', description: '' });
    expect(changed.thumbnail).toBeUndefined();
    await api.removeTemplate(made.id);
    expect(await api.templates()).toEqual([]);
    await expect(api.template(made.id)).rejects.toMatchObject({ status: 404, problem: { code: 'template_not_found' } });
  });

  it('B362 says of what is not there that it may have been deleted', async () => {
    const calls = [
      () => api.template(NOBODY),
      () => api.updateTemplate(NOBODY, content('x')),
      () => api.removeTemplate(NOBODY),
    ];
    for (const call of calls)
      await expect(call()).rejects.toThrow(/^There is no template 0{8}-.*It may have been deleted\.$/);
    const answer = await front.send(`/api/templates/export?id=${NOBODY}`);
    expect(answer.status).toBe(404);
  });

  it('B362 names each field that is wrong', async () => {
    const wrong = {
      ...content(''),
      thumbnail: 'https://example.com/x.png',
      color: 'red',
      prompt: { '1': { inputs: {} } },
    };
    const answer = await front.send('/api/templates', post(wrong));
    expect(answer.status).toBe(400);
    const fields = (answer.json['errors'] as { field: string }[]).map(({ field }) => field);
    expect(fields.toSorted()).toEqual(['color', 'name', 'prompt.1.class_type', 'thumbnail']);
    const empty = await front.send('/api/templates', post({ ...content('x'), prompt: {} }));
    expect(empty.json['errors']).toEqual([{ field: 'prompt', message: 'has no nodes: a template needs a workflow.' }]);
    const large = await front.send('/api/templates', post({ ...content('x'), workflow: 'x'.repeat(4_000_000) }));
    expect(large.json['detail']).toBe('workflow makes the template larger than 4 MB. Take away what is not needed.');
    expect(await api.templates()).toEqual([]);
  });

  it('B361 says what to do where there is no room', async () => {
    const templates = Array.from({ length: MAX_TEMPLATES }, (_, index) => content(`${index}`));
    expect(await api.importTemplates({ format: 'podium-templates', version: 1, templates })).toBe(MAX_TEMPLATES);
    await expect(api.createTemplate(content('x'))).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/more than 500 templates.*Delete some that are no longer used\.$/),
    });
  });

  it('B363 exports all templates or one as a file, which imports beside those that are there', async () => {
    await api.createTemplate(content('One'));
    const two = await api.createTemplate({ name: 'Two', description: '', prompt: content('').prompt });
    const answer = await front.send('/api/templates/export');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="podium-templates.json"');
    expect(answer.json).toEqual({
      format: 'podium-templates',
      version: 1,
      templates: [{ name: 'Two', description: '', prompt: content('').prompt }, content('One')],
    });
    const one = await front.send(`/api/templates/export?id=${two.id}`);
    expect(one.json['templates']).toMatchObject([{ name: 'Two' }]);
    expect(await api.importTemplates(answer.json)).toBe(2);
    expect((await names()).toSorted()).toEqual(['One', 'One', 'Two', 'Two']);
    expect(new Set((await api.templates()).map(({ id }) => id)).size).toBe(4);
  });

  it('B363 imports all templates of a file or none, and names what is wrong with which', async () => {
    const wrong = { ...content('Bad'), thumbnail: 'data:text/html;base64,AAAA' };
    const file = { format: 'podium-templates', version: 1, templates: [content('Good'), wrong] };
    const answer = await front.send('/api/templates/import', post(file));
    expect(answer.status).toBe(400);
    expect(answer.json['errors']).toMatchObject([{ field: 'templates.1.thumbnail' }]);
    const empty = { ...file, templates: [content('Good'), { ...content('Bad'), prompt: {} }] };
    await expect(api.importTemplates(empty)).rejects.toThrow(/^templates\.1\.prompt has no nodes/);
    await expect(api.importTemplates({ format: 'other', version: 2, templates: [] })).rejects.toMatchObject({
      problem: { errors: [{ field: 'format' }, { field: 'version' }] },
    });
    expect(await api.templates()).toEqual([]);
  });
});
