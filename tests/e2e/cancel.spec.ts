import { expect, isLive, template, sharing as test } from './fixtures.ts';

test('B162 cancels a running job', async ({ page, podium }) => {
  const { id } = await podium.submit(template('slow'), 'Too long');
  await page.goto(`/jobs/${id}`);
  await isLive(page);
  await expect(page.getByRole('region', { name: 'Now' })).toContainText('KSampler');
  await page.getByRole('button', { name: 'Cancel Too long' }).click();
  await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();
  await expect(page.getByText('Someone asked to cancel')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Retry Too long' })).toBeVisible();
  expect((await podium.job(id)).state).toBe('cancelled');
});

test('B162 keeps the wish to cancel in sight until the pod has heard it', async ({ page, podium }) => {
  const prompt = {
    '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 7 } },
    '2': { class_type: 'ProbeHang', inputs: { image: ['1', 0], seconds: 7, seed: 7 } },
    '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'hang' } },
  };
  const { id } = await podium.submit(prompt, 'Does not listen');
  await podium.reaches(id, 'running');
  await page.goto('/');
  await isLive(page);
  const row = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem').filter({ hasText: 'Does not listen' });
  await row.getByRole('button', { name: 'Cancel Does not listen' }).click();
  await expect(row.getByText('Stopping…').filter({ visible: true })).toBeVisible();
  await expect(row.getByRole('button')).toBeDisabled();
  await page.reload();
  await expect(row.getByText('Stopping…').filter({ visible: true })).toBeVisible();
  await expect(row.getByText('Cancelled').filter({ visible: true })).toBeVisible();
});
