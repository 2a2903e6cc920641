import { barValues, expect, isLive, template, sharing as test } from './fixtures.ts';

test('B161 B173 moves the bar and the mark on the graph by itself, never back, and a reload keeps it', async ({
  page,
  podium,
}) => {
  const { id } = await podium.submit(template('slow'), 'Long one');
  await page.goto(`/jobs/${id}`);
  await isLive(page);
  const before = await barValues(page, 6);
  expect(before).toEqual(before.toSorted((a, b) => a - b));
  await expect(page.getByRole('region', { name: 'Now' })).toContainText(/KSampler \d+\/120/);
  await expect(page.getByAltText('Preview of the running job')).toBeVisible();
  await expect(page).toHaveTitle(/^▶ \d+ % Long one/);
  const nodes = page.getByRole('group', { name: 'Graph' }).getByRole('list', { name: 'Nodes' });
  await expect(nodes).toContainText('KSampler (KSampler, node 5), running');

  await page.reload();
  const after = await barValues(page, 4);
  expect(after[0]).toBeGreaterThanOrEqual(before.at(-1) ?? 100);
  expect(after).toEqual(after.toSorted((a, b) => a - b));
});

test('B174 does not show a finished job as running when one goes back to a page', async ({ page, podium }) => {
  const { id } = await podium.submit(template('text-to-image'), 'Soon done');
  await page.goto('/');
  await isLive(page);
  const row = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem').filter({ hasText: 'Soon done' });
  await expect(row).toContainText('Running');
  await row.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Soon done');
  await podium.reaches(id, 'succeeded');
  await expect(page.getByText('Succeeded').first()).toBeVisible();
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seenOnReturn: seen });
    new MutationObserver(() => {
      const rows = [...document.querySelectorAll('ul[aria-label="Jobs"] > li')];
      const ours = rows.find((one) => one.textContent.includes('Soon done'));
      if (ours) seen.add(ours.textContent.includes('Running') ? 'Running' : 'Succeeded');
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await page.goBack();
  await expect(row).toContainText('Succeeded');
  const seen = await page.evaluate(() => [...(window as unknown as { seenOnReturn: Set<string> }).seenOnReturn]);
  expect(seen).toEqual(['Succeeded']);
});
