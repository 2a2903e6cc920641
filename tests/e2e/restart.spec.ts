import { createDemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import type { DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { barValues, expect, isAccessible, isLive, template, test as base } from './fixtures.ts';

const test = base.extend<{ pod: DemoPod }>({
  pod: async ({}, provide) => {
    const pod = await createDemoPod({ stepMs: 100 });
    await provide(pod);
    await pod.close();
  },
  settings: async ({ pod }, provide) => provide({ COMFYUI_POD_URL: `studio=${pod.url}` }),
});

test('B164 tells that the server is gone, and goes on by itself when it is back', async ({
  page,
  podium,
  pod,
  complaints,
}) => {
  const { id } = await podium.submit(template('slow'), 'Survivor');
  await page.goto(`/jobs/${id}`);
  await isLive(page);
  const before = await barValues(page, 5);

  complaints.expected = true;
  await podium.kill();
  const banner = page.getByText('Podium does not answer.');
  await expect(banner).toBeVisible();
  await expect(banner).toContainText(/\d s ago/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Survivor');
  await page.getByRole('link', { name: 'Pods' }).click();
  await expect(banner).toContainText('Links wait until then.');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Survivor');
  await isAccessible(page, 'a page without its server');

  await podium.start();
  await isLive(page);
  complaints.expected = false;
  await expect(banner).toBeHidden();
  const after = await barValues(page, 4);
  expect(after[0]).toBeGreaterThanOrEqual(before.at(-1) ?? 100);
  expect(after).toEqual(after.toSorted((a, b) => a - b));
  await expect(page.getByText('Podium came back and follows the job again')).toBeVisible();
  await expect(page).toHaveTitle('✓ Survivor · Podium', { timeout: 30_000 });
  expect(pod.control.runs).toHaveLength(1);
});

test('B164 catches the list up with what happened while it was cut off', async ({ page, podium, complaints, pod }) => {
  const { id } = await podium.submit(template('text-to-image'), 'Ends meanwhile');
  await podium.reaches(id, 'running');
  await page.goto('/');
  await isLive(page);
  const row = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem').filter({ hasText: 'Ends meanwhile' });
  await expect(row).toContainText('Running');
  complaints.expected = true;
  await podium.kill();
  await expect(page.getByText('Podium does not answer.')).toBeVisible();
  await expect(row).toContainText('Running');
  await pod.control.idle();
  await podium.start();
  await podium.reaches(id, 'succeeded');
  const later = await podium.submit(template('text-to-image'), 'Came later');
  await isLive(page);
  complaints.expected = false;
  await expect(row).toContainText('Succeeded');
  await expect(page.getByRole('link', { name: 'Came later' })).toBeVisible();
  await podium.reaches(later.id, 'succeeded');
});
