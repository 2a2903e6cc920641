import type { Page } from '@playwright/test';
import { expect, fitsWidth, isAccessible, isLive, sharing as test, template } from './fixtures.ts';

const graphOf = (page: Page) => page.getByRole('group', { name: 'Graph' });
const drawn = (page: Page, id: string) => graphOf(page).locator(`[data-node="${id}"]`);
const ended = (page: Page) => graphOf(page).locator('[data-state="done"], [data-state="cached"]');
/** Where the picture is and how near. */
const view = (page: Page) =>
  graphOf(page)
    .locator('.react-flow__viewport')
    .evaluate((element) => {
      const { a: zoom, e: x, f: y } = new DOMMatrix(getComputedStyle(element).transform);
      return { zoom, x, y };
    });

test('B438 lights up node by node, the same after a reload, and keeps how it ended', async ({ page, podium }) => {
  const { id } = await podium.submit(template('slow'), 'Lights up');
  await page.goto(`/jobs/${id}`);
  await isLive(page);
  for (const open of ['the first time', 'after a reload']) {
    await test.step(open, async () => {
      await expect(drawn(page, '5')).toHaveAttribute('data-state', 'running');
      await expect(drawn(page, '1')).toHaveAttribute('data-state', /^(done|cached)$/);
      await expect(drawn(page, '7')).toHaveAttribute('data-state', 'waiting');
    });
    if (open === 'the first time') await page.reload();
  }
  await expect(ended(page)).toHaveCount(7);
  await podium.reaches(id, 'succeeded');
  await page.reload();
  await expect(ended(page)).toHaveCount(7);
  await expect(graphOf(page).getByRole('list', { name: 'Nodes' })).toContainText('KSampler (KSampler, node 5), done');
});

test('B441 draws only the node anew that runs', async ({ page, podium }) => {
  const { id } = await podium.submit(template('slow'), 'One node');
  await page.goto(`/jobs/${id}`);
  await isLive(page);
  await expect(drawn(page, '5')).toHaveAttribute('data-state', 'running');
  const changed = await graphOf(page).evaluate(
    (graph) =>
      new Promise<string[]>((resolve) => {
        const nodes = new Set<string>();
        let left = 8;
        new MutationObserver((records, observer) => {
          for (const { target } of records) {
            const element = target instanceof Element ? target : target.parentElement;
            const node = element?.closest<HTMLElement>('[data-node]')?.dataset['node'];
            if (node !== undefined) nodes.add(node);
          }
          left -= 1;
          if (left > 0) return;
          observer.disconnect();
          resolve([...nodes]);
        }).observe(graph, { subtree: true, childList: true, attributes: true, characterData: true });
      }),
  );
  expect(changed).toEqual(['5']);
});

test('B439 B440 is moved by keys and with Ctrl, never in the way of the page, and told in words', async ({
  page,
  podium,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { id } = await podium.submit(template('text-to-image'), 'To be moved');
  await podium.reaches(id, 'succeeded');
  await page.goto(`/jobs/${id}`);
  await expect(ended(page)).toHaveCount(7);
  const first = await view(page);

  await graphOf(page).focus();
  await page.keyboard.press('ArrowRight');
  expect((await view(page)).x).toBeLessThan(first.x);
  await page.keyboard.press('+');
  await expect.poll(async () => (await view(page)).zoom).toBeGreaterThan(first.zoom);
  await page.keyboard.press('0');
  await expect.poll(() => view(page)).toEqual(first);

  await graphOf(page).hover();
  const scrolled = await page.evaluate(() => window.scrollY);
  await page.mouse.wheel(0, -60);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeLessThan(scrolled);
  expect(await view(page)).toEqual(first);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -120);
  await page.keyboard.up('Control');
  await expect.poll(async () => (await view(page)).zoom).toBeGreaterThan(first.zoom);

  await expect(graphOf(page).getByRole('listitem')).toHaveCount(7);
  await isAccessible(page, 'a job with its graph');
});

test.describe('on a small screen that is touched', () => {
  test.use({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });

  test('B439 leaves one finger to the page and takes two', async ({ page, podium }) => {
    const { id } = await podium.submit(template('text-to-image'), 'Touched');
    await podium.reaches(id, 'succeeded');
    await page.goto(`/jobs/${id}`);
    await expect(ended(page)).toHaveCount(7);
    await fitsWidth(page, 'a job with its graph');
    await graphOf(page).scrollIntoViewIfNeeded();
    const box = await graphOf(page).boundingBox();
    if (!box) throw new Error('The graph is not to be seen');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const devtools = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', fingers: [number, number][]) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: fingers.map(([at, down], finger) => ({ x: at, y: down, id: finger })),
      });

    const first = await view(page);
    const scrolled = await page.evaluate(() => window.scrollY);
    await touch('touchStart', [[x, y]]);
    for (let step = 1; step <= 10; step += 1) await touch('touchMove', [[x, y + step * 10]]);
    await touch('touchEnd', []);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeLessThan(scrolled);
    expect(await view(page)).toEqual(first);

    await graphOf(page).scrollIntoViewIfNeeded();
    const again = (await graphOf(page).boundingBox()) ?? box;
    const middle = again.y + again.height / 2;
    await touch('touchStart', [[x - 20, middle]]);
    await touch('touchStart', [
      [x - 20, middle],
      [x + 20, middle],
    ]);
    for (let step = 1; step <= 10; step += 1)
      await touch('touchMove', [
        [x - 20 - step * 5, middle],
        [x + 20 + step * 5, middle],
      ]);
    await touch('touchEnd', []);
    await expect.poll(async () => (await view(page)).zoom).toBeGreaterThan(first.zoom);
  });
});
