import { expect, isLive, test } from './fixtures.ts';

test('B160 shows a first picture after one click on the empty page', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByText('Demo pod: Podium draws the pictures itself.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No jobs yet' })).toBeVisible();
  await isLive(page);

  await page.getByRole('button', { name: 'Run the sample' }).click();
  const row = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem');
  await expect(row).toContainText('Text to image');
  await expect(row.getByRole('progressbar')).toBeVisible();
  await expect(page).toHaveTitle('▶ 1 running · Podium');
  await expect(row).toContainText('Succeeded');
  await expect(row).toContainText(/Took \d/);
  await expect(page).toHaveTitle('Jobs · Podium');
  const thumbnail = row.locator('img');
  await expect.poll(() => thumbnail.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);

  await row.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Text to image');
  await expect(page).toHaveTitle('✓ Text to image · Podium');
  const picture = page.getByRole('region', { name: 'Outputs' }).getByRole('img');
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(512);

  await page.getByRole('button', { name: /^Enlarge/ }).click();
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('B178 gives the workflow of a job back, as a file and to submit again', async ({ page, podium }) => {
  const { id } = await podium.submit(
    {
      '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 255 } },
      '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'again' } },
    },
    'Blue square',
  );
  await podium.reaches(id, 'succeeded');
  await page.goto(`/jobs/${id}`);
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Workflow', exact: true }).click();
  expect((await saved).suggestedFilename()).toBe('Blue square.json');

  await page.getByRole('link', { name: 'Use again' }).click();
  await expect(page.getByLabel('Name')).toHaveValue('Blue square');
  await expect(page.getByText('2 nodes understood')).toBeVisible();
  await page.getByRole('button', { name: 'Submit job' }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(page).toHaveTitle('✓ Blue square · Podium');
});
