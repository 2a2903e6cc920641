import type { Locator } from '@playwright/test';
import { z } from 'zod';
import type { BatchAxis } from '../../lib/workflow/batch/batch-plan.ts';
import { expect, fitsWidth, isAccessible, isLive, test } from './fixtures.ts';
import type { PodiumProcess } from './podium-process.ts';

const JOBS = 1000;
/** What the page of a thousand jobs may have in HTML, its data included. */
const MAX_BYTES = 250_000;
const batchAnswer = z.object({ batch: z.object({ id: z.string() }) });

const axis = (input: string, label: string, count: number): BatchAxis => ({
  ...{ nodeId: '1', input, label },
  values: Array.from({ length: count }, (_, at) => 64 + at * 8),
});

/** Accepts a thousand jobs that wait, as nothing is dispatched. */
async function submit(podium: PodiumProcess, axes: BatchAxis[]): Promise<string> {
  const send = (path: string, body: unknown) =>
    fetch(`${podium.url}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await send('/dispatch/pause', {});
  const workflow = {
    '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 0 } },
    '2': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
  };
  const answer = await send('/batches', { workflow, name: 'A thousand', plan: { axes, seeds: 'fixed' } });
  return batchAnswer.parse(await answer.json()).batch.id;
}

const SHEETS = [
  { shape: 'one after another', axes: [axis('color', 'Color', JOBS)] },
  { shape: 'a table', axes: [axis('color', 'Color', 40), axis('width', 'Width', 25)] },
];
for (const { shape, axes } of SHEETS)
  test(`B463 B464 a thousand results, ${shape}, come in a small page, and all are reached by keys though few are drawn`, async ({
    page,
    podium,
  }) => {
    const id = await submit(podium, axes);
    const html = await (await fetch(`${podium.url}/batches/${id}`)).text();
    expect(Buffer.byteLength(html)).toBeLessThan(MAX_BYTES);
    await page.goto(`/batches/${id}`);
    await isLive(page);
    const cells = page.locator('[data-cell]');
    await expect(cells).toHaveCount(JOBS);
    await expect(page.getByText('not read yet')).toHaveCount(0);
    const isDrawn = (cell: Locator) =>
      cell.evaluate((element) => element.checkVisibility({ contentVisibilityAuto: true }));
    await expect.poll(() => isDrawn(cells.first())).toBe(true);
    await expect.poll(() => isDrawn(cells.last())).toBe(false);
    await cells.first().focus();
    await page.keyboard.press('End');
    await expect(cells.last()).toBeFocused();
    await expect(cells.last()).toBeInViewport();
    await expect.poll(() => isDrawn(cells.last())).toBe(true);
    await expect(cells.last()).toHaveAccessibleName(/: Queued$/);
    await page.keyboard.press('ArrowUp');
    await expect(cells.last()).not.toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(cells.last()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('A thousand (1000 of 1000)');
  });

test('B171 B464 results in several blocks are accessible, and fit a narrow screen', async ({ page, podium }) => {
  test.slow();
  const id = await submit(podium, [axis('color', 'Color', 110)]);
  await page.goto(`/batches/${id}`);
  await expect(page.getByRole('list', { name: 'Results' }).getByRole('listitem')).toHaveCount(110);
  await isAccessible(page, 'results in several blocks');
  await page.setViewportSize({ width: 360, height: 740 });
  await fitsWidth(page, 'results in several blocks');
});

test('B463 without a script the first results are read, and all of them by a link', async ({ podium }) => {
  const id = await submit(podium, [axis('color', 'Color', JOBS)]);
  const read = async (query: string) => (await fetch(`${podium.url}/batches/${id}${query}`)).text();
  const cellsIn = (html: string) => html.split('data-cell=').length - 1;
  const first = await read('');
  expect(cellsIn(first)).toBe(96);
  const [, link = ''] = /<noscript><a[^>]* href="[^"?]*(\?[^"]*)"[^>]*>Show all results</.exec(first) ?? [];
  expect(cellsIn(await read(link))).toBe(JOBS);
  expect(await read(link)).not.toContain('Show all results');
});
