import { expect, fitsWidth, isLive, template, sharing as test } from './fixtures.ts';

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

test('B168 works on a screen 360 pixels wide, with its actions at the thumb', async ({ page, podium }) => {
  const bad = await podium.submit(template('fails'), 'A failure with quite a long name that goes on and on and on');
  await podium.reaches(bad.id, 'failed');
  const { id } = await podium.submit(template('slow'), 'Long one');

  await page.goto('/');
  await isLive(page);
  await expect(page.getByRole('progressbar', { name: 'Progress of Long one' })).toBeVisible();
  await fitsWidth(page, 'the list');
  const pages = page.getByRole('navigation', { name: 'Pages' });
  const place = await pages.boundingBox();
  expect((place?.y ?? 0) + (place?.height ?? 0)).toBe(740);

  await page.goto(`/jobs/${bad.id}`);
  await expect(page.getByRole('region', { name: 'What went wrong' })).toBeVisible();
  await fitsWidth(page, 'a failed job');
  await page.goto(`/jobs/${id}`);
  await isLive(page);
  await fitsWidth(page, 'a running job');
  const cancel = page.getByRole('button', { name: 'Cancel Long one' });
  const box = await cancel.boundingBox();
  expect(box?.y).toBeGreaterThan(500);
  expect(box?.height).toBeGreaterThanOrEqual(40);
  await cancel.tap();
  await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();

  await pages.getByRole('link', { name: 'Submit' }).tap();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Submit a workflow');
  await page.getByRole('button', { name: /^Text to image/ }).tap();
  await expect(page.getByText('7 nodes understood')).toBeVisible();
  await fitsWidth(page, 'the form');
  await page.getByRole('button', { name: 'Submit job' }).tap();
  await expect(page).toHaveTitle('✓ Text to image · Podium');
  await fitsWidth(page, 'a job with a picture');
  await pages.getByRole('link', { name: 'Pods' }).tap();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pods');
  await fitsWidth(page, 'the pods');

  const name = `${'a_checkpoint_with_a_long_name_'.repeat(3)}.safetensors`;
  const lacking = JSON.stringify(template('slow')).replace(/"ckpt_name":"[^"]*"/, `"ckpt_name":"${name}"`);
  await pages.getByRole('link', { name: 'Submit' }).tap();
  await page.getByLabel('Paste a workflow').fill(lacking);
  await expect(page.getByRole('region', { name: 'Pods' })).toContainText('missing');
  await fitsWidth(page, 'a workflow that no pod can run');
});
