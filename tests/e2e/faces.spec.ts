import { expect, isAccessible, isLive, template, test } from './fixtures.ts';

test('B171 axe finds nothing on any page or face, in light and dark', async ({ page, podium }) => {
  test.setTimeout(120_000);
  await page.goto('/');
  await isLive(page);
  await isAccessible(page, 'the empty list');
  await page.keyboard.press('?');
  await isAccessible(page, 'the keys');

  const good = await podium.submit(template('text-to-image'), 'A picture');
  const bad = await podium.submit(template('fails'), 'A failure');
  await podium.reaches(good.id, 'succeeded');
  await podium.reaches(bad.id, 'failed');
  const gone = await podium.submit(template('slow'), 'A cancelled one');
  await podium.reaches(gone.id, 'running');
  await fetch(`${podium.url}/api/jobs/${gone.id}/cancel`, { method: 'POST' });
  await podium.reaches(gone.id, 'cancelled');
  const waiting = await podium.submit(template('oom'), 'One that waits to retry');
  await podium.reaches(waiting.id, 'retry_wait');
  await page.goto(`/jobs/${waiting.id}`);
  await isAccessible(page, 'a job that waits');
  const hang = {
    '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 9 } },
    '2': { class_type: 'ProbeSteps', inputs: { image: ['1', 0], steps: 400, ms: 100, seed: 9, preview: true } },
    '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'face' } },
  };
  const running = await podium.submit(hang, 'A running one');
  for (const name of ['Second', 'Third']) await podium.submit(template('text-to-image'), name);
  await podium.reaches(running.id, 'running');
  await page.goto('/');
  await expect(page.getByRole('progressbar').first()).toBeVisible();
  await isAccessible(page, 'the list');
  await page.goto('/pods');
  await expect(page.getByRole('link', { name: 'A running one' })).toBeVisible();
  await isAccessible(page, 'the pods');
  await page.goto(`/jobs/${running.id}`);
  await expect(page.getByAltText('Preview of the running job')).toBeVisible();
  await isAccessible(page, 'a running job');
  await page.goto(`/jobs/${bad.id}`);
  await page.locator('summary').click();
  await isAccessible(page, 'a failed job');
  await page.goto(`/jobs/${good.id}`);
  await isAccessible(page, 'a job with a picture');
  await page.getByRole('button', { name: /^Enlarge/ }).click();
  await isAccessible(page, 'a picture, enlarged');
});

test('B171 axe finds nothing on the form', async ({ page }) => {
  await page.goto('/submit');
  await page.getByLabel('Paste a workflow').fill('nonsense');
  await expect(page.getByRole('alert', { name: 'Not understood' })).toBeVisible();
  await isAccessible(page, 'the form with a complaint');
  await page.getByRole('button', { name: /^Text to image/ }).click();
  await expect(page.getByText('7 nodes understood')).toBeVisible();
  await isAccessible(page, 'the form');
});

test('B169 follows the system’s colours, or the choice in the cookie, from the first byte', async ({
  page,
  podium,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/pods');
  await isLive(page);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.getByRole('button', { name: 'Colours: as the system. Change to light' }).click();
  const light = await background();
  expect(light).not.toBe(dark);
  await page.reload();
  expect(await background()).toBe(light);
  await page.getByRole('button', { name: 'Colours: light. Change to dark' }).click();
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await background()).toBe(dark);
  const html = await (await fetch(podium.url, { headers: { cookie: 'podium-theme=dark' } })).text();
  expect(html).toContain('data-theme="dark"');
});

test('B175 shows how a pod is and what it does', async ({ page, podium }) => {
  await page.goto('/pods');
  await isLive(page);
  const card = page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'Demo pod' }) });
  await expect(card).toContainText('Ready and idle.');
  await expect(card).toContainText('live by socket');
  await expect(card.getByRole('progressbar', { name: 'RAM used' })).toBeVisible();
  const { id } = await podium.submit(template('slow'), 'On the pod');
  await expect(card).toContainText('1 of 2 places taken');
  await card.getByRole('link', { name: 'On the pod' }).click();
  await expect(page).toHaveURL(`/jobs/${id}`);
});

test('B170 says so where there is nothing at an address', async ({ page, complaints }) => {
  complaints.expected = true;
  const answer = await page.goto('/jobs/00000000-0000-4000-8000-000000000000');
  expect(answer?.status()).toBe(404);
  await isLive(page);
  complaints.expected = false;
  await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
  await isAccessible(page, 'an address without anything');
  await page.getByRole('link', { name: 'Show all jobs' }).click();
  await expect(page.getByRole('heading', { name: 'No jobs yet' })).toBeVisible();
});

test.describe('with AUTH_TOKEN', () => {
  const token = 'a-long-token-for-this-test';
  test.use({ settings: { AUTH_TOKEN: token } });

  test('B177 asks for the token first', async ({ page, complaints }) => {
    await page.goto('/pods');
    await expect(page).toHaveURL(/\/login/);
    await isAccessible(page, 'the sign-in page');
    complaints.expected = true;
    await page.getByLabel(/token/i).fill('not the right one at all');
    await page.getByRole('button').click();
    await expect(page.getByRole('alert')).toBeVisible();
    complaints.expected = false;
    await page.getByLabel(/token/i).fill(token);
    await page.getByRole('button').click();
    await expect(page).toHaveURL(/\/pods$/);
    await isLive(page);
    await isAccessible(page, 'a page of a person who signed in');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/\/login/);
    await page.goto('/pods');
    await expect(page).toHaveURL(/\/login/);
  });
});
