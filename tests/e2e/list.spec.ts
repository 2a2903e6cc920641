import { expect, isAccessible, isLive, template, test } from './fixtures.ts';

test('B166 finds jobs by state and by words, in the address', async ({ page, podium }) => {
  const good = await podium.submit(template('text-to-image'), 'Harbour at night');
  const bad = await podium.submit(template('fails'), 'Broken harbour');
  await podium.reaches(good.id, 'succeeded');
  await podium.reaches(bad.id, 'failed');
  await page.goto('/');
  await isLive(page);
  const states = page.getByRole('navigation', { name: 'States' });
  const rows = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem');
  await expect(states.getByRole('link', { name: 'All 2' })).toBeVisible();
  await states.getByRole('link', { name: 'Failed 1' }).click();
  await expect(page).toHaveURL('/?state=failed');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Broken harbour');

  await page.getByRole('searchbox').fill('night');
  await expect(page).toHaveURL('/?state=failed&q=night');
  await expect(page.getByRole('heading', { name: 'No job matches' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('searchbox')).toHaveValue('night');
  await states.getByRole('link', { name: /^All/ }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Harbour at night');
});

test('B166 drops a job from the list of active ones when it ends, and counts it', async ({ page, podium }) => {
  await page.goto('/?state=active');
  await isLive(page);
  await expect(page.getByRole('heading', { name: 'No job matches' })).toBeVisible();
  await podium.submit(template('text-to-image'), 'Passing by');
  await expect(page.getByRole('list', { name: 'Jobs' })).toContainText('Passing by');
  await expect(page.getByRole('heading', { name: 'No job matches' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Succeeded 1' })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Passing by: Succeeded' })).toBeAttached();
});

test('B166 loads older jobs on demand', async ({ page, podium }) => {
  for (let at = 1; at <= 55; at += 1)
    await podium.submit(
      {
        '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: at } },
        '2': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
      },
      `Square ${at}`,
    );
  await page.goto('/');
  const rows = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem');
  await expect(rows).toHaveCount(50);
  await page.getByRole('button', { name: 'Load more' }).click();
  await expect(rows).toHaveCount(55);
  await expect(rows.last()).toContainText('Square 1');
  await expect(page.getByRole('button', { name: 'Load more' })).toBeHidden();
});

test('B167 is worked by keyboard alone', async ({ page, podium }) => {
  const failed = await podium.submit(template('fails'), 'Broken');
  await podium.reaches(failed.id, 'failed');
  const slow = await podium.submit(template('slow'), 'Slow');
  await podium.reaches(slow.id, 'running');
  await page.goto('/');
  await isLive(page);
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();

  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.press('Escape');

  await page.keyboard.press('j');
  await expect(page.getByRole('link', { name: 'Slow' })).toBeFocused();
  await page.keyboard.press('c');
  await expect(row('Slow')).toContainText('Cancelled');
  await page.keyboard.press('j');
  await expect(page.getByRole('link', { name: 'Broken' })).toBeFocused();
  await page.keyboard.press('r');
  await expect.poll(async () => (await podium.job(failed.id)).attempts.length).toBe(2);
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Slow');
});

test('B330 B332 B335 tells failures of one cause as one and retries them all; takes orders about a pod', async ({
  page,
  podium,
}) => {
  const fails = async (name: string) => podium.reaches((await podium.submit(template('fails'), name)).id, 'failed');
  await fails('First');
  await fails('Second');
  const causes = page.getByRole('region', { name: 'Failures by cause' });
  await page.goto('/');
  await isLive(page);
  await causes.getByRole('button', { name: /^Dismiss: 2 jobs/ }).click();
  await expect(causes).toBeHidden();
  await page.reload();
  await isLive(page);
  await expect(page.getByRole('link', { name: 'Failed 2' })).toBeVisible();
  await expect(causes).toBeHidden();
  await fails('Third');
  await expect(causes.getByRole('heading', { name: /^3 jobs: / })).toBeVisible();
  await isAccessible(page, 'failures by cause');

  await page.goto('/pods');
  await isLive(page);
  await page.getByRole('button', { name: 'Drain: Demo pod' }).click();
  await expect(page.getByText('It gets nothing new from now on.')).toBeVisible();
  await expect(page.getByText('It is drained and gets nothing new.')).toBeVisible();
  await isAccessible(page, 'a drained pod');

  await page.goto('/');
  await isLive(page);
  await causes.getByRole('button', { name: 'Retry all 3' }).click();
  await causes.getByRole('button', { name: 'Yes, retry 3 jobs' }).click();
  await expect(page.getByRole('status').filter({ hasText: '3 jobs are tried again.' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Active 3' })).toBeVisible();

  await page.goto('/pods');
  await page.getByRole('button', { name: 'Take work again: Demo pod' }).click();
  await expect(page.getByText('It takes work again.')).toBeVisible();
});
