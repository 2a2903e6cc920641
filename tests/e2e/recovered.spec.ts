import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { waitUntil } from '../support/wait-until.ts';
import { expect, fitsWidth, isAccessible, isLive, template, test as base } from './fixtures.ts';

/** A pod that outlives the server, and settings beside its address. */
const test = base.extend<{ pod: DemoPod; more: Record<string, string> }>({
  more: [{}, { option: true }],
  pod: async ({}, provide) => {
    const pod = await createDemoPod({ stepMs: 200 });
    await provide(pod);
    await pod.close();
  },
  settings: async ({ pod, more }, provide) => provide({ COMFYUI_POD_URL: `studio=${pod.url}`, ...more }),
});

test('B236 B237 tells after a crash what was recovered, once', async ({ page, podium, pod, complaints }) => {
  test.setTimeout(120_000);
  await page.goto('/recovered');
  await isLive(page);
  await expect(page.getByRole('heading', { name: 'Nothing had to be recovered yet' })).toBeVisible();
  await isAccessible(page, 'no recovery');
  const { id } = await podium.submit(template('slow'), 'Survivor');
  await podium.reaches(id, 'running');
  await page.goto('/');
  await isLive(page);
  const banner = page.getByRole('complementary', { name: 'What was recovered' });
  await expect(page.getByRole('link', { name: 'Survivor' })).toBeVisible();
  await expect(banner).toBeHidden();

  complaints.expected = true;
  await podium.kill();
  await expect(page.getByText('Podium does not answer.')).toBeVisible();
  await podium.start();
  await isLive(page);
  complaints.expected = false;
  await expect(banner).toContainText(/Podium restarted .+ and took up one job\./);
  await isAccessible(page, 'the jobs with what was recovered');
  await banner.getByRole('link', { name: 'See what was recovered' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Recovered');
  const card = page
    .getByRole('list', { name: 'Recoveries' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'Podium started' }) });
  await expect(card).toContainText('One job was in flight: 1 followed again.');
  await expect(card).toContainText(/took (less than )?\d/);
  const row = card.getByRole('list', { name: 'Jobs' }).getByRole('listitem').filter({ hasText: 'Survivor' });
  await expect(row).toContainText(/Followed again( at \d+ %)?\./);
  await isAccessible(page, 'a recovery');
  await expect(row).toContainText('Succeeded', { timeout: 60_000 });
  expect(pod.control.runs).toHaveLength(1);

  await page.goto('/');
  await banner.getByRole('button', { name: 'Dismiss' }).click();
  await expect(banner).toBeHidden();
  await page.reload();
  await isLive(page);
  await expect(page.getByRole('link', { name: 'Survivor' })).toBeVisible();
  await expect(banner).toBeHidden();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('link', { name: 'Recovered' }).click();
  await expect(row).toBeVisible();
  await fitsWidth(page, 'a recovery');
  await row.getByRole('link', { name: 'Survivor' }).click();
  await expect(page).toHaveURL(`/jobs/${id}`);
});

test.describe('with a short JOB_STALE_AFTER_MS', () => {
  test.use({ more: { JOB_STALE_AFTER_MS: '1000' } });

  test('B237 offers to run again what was too old to be followed', async ({ page, podium, complaints }) => {
    test.setTimeout(120_000);
    const { id } = await podium.submit(template('slow'), 'Too old');
    await podium.reaches(id, 'running');
    complaints.expected = true;
    await podium.kill();
    const killedAt = Date.now();
    await waitUntil(() => Date.now() - killedAt > 2500, 'nothing was heard for longer than JOB_STALE_AFTER_MS');
    await podium.start();
    complaints.expected = false;
    await podium.reaches(id, 'failed');
    await page.goto('/recovered');
    await isLive(page);
    const row = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem').filter({ hasText: 'Too old' });
    await expect(row).toContainText('Ended as too old to be followed.');
    await expect(row).toContainText('Failed');
    await row.getByRole('button', { name: 'Retry Too old' }).click();
    await expect(row).toContainText(/Running|Succeeded/);
    await expect(row).toContainText('Succeeded', { timeout: 60_000 });
  });
});

test.describe('with START_PAUSED', () => {
  test.use({ more: { START_PAUSED: '1' } });

  test('B239 says everywhere that work is held back, and gives it out when a person resumes', async ({
    page,
    podium,
    pod,
  }) => {
    test.setTimeout(120_000);
    const notice = page.getByRole('region', { name: 'Dispatch is paused' });
    for (const path of ['/', '/submit', '/pods']) {
      await page.goto(path);
      await isLive(page);
      await expect(notice).toContainText('START_PAUSED=1. Jobs on pods go on; queued ones wait.');
      await isAccessible(page, `${path} while paused`);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await fitsWidth(page, 'the pods while paused');
    await page.setViewportSize({ width: 1280, height: 800 });

    await page.goto('/submit');
    await page.getByRole('button', { name: /^Text to image/ }).click();
    await page.getByRole('button', { name: 'Submit job' }).click();
    const now = page.getByRole('region', { name: 'Now' });
    await expect(now).toContainText('Dispatch is paused: it starts after someone resumes.');
    await isAccessible(page, 'a job that waits while paused');
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect((await podium.job(id)).state).toBe('queued');
    expect(pod.control.runs).toHaveLength(0);
    await now.getByRole('button', { name: 'Resume' }).click();
    await expect(page).toHaveTitle('✓ Text to image · Podium', { timeout: 30_000 });
    expect(pod.control.runs).toHaveLength(1);
    await page.goto('/');
    await isLive(page);
    await expect(notice).toBeHidden();
  });
});

test('B238 B239 tells on the pods’ page where jobs are kept, and pauses from there after asking', async ({
  page,
  podium,
}) => {
  await page.goto('/pods');
  await isLive(page);
  const store = page.getByRole('region', { name: 'Store and instances' });
  await expect(store).toContainText('Jobs are kept in SQLite, used by this Podium alone.');
  await expect(store.getByRole('listitem')).toHaveCount(0);
  const pause = page.getByRole('button', { name: 'Pause dispatch' });
  await pause.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Pause dispatch?' });
  await isAccessible(page, 'the question before a pause');
  await dialog.getByRole('button', { name: 'Keep running' }).press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('region', { name: 'Dispatch is paused' })).toBeHidden();
  await pause.click();
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(dialog).toBeHidden();
  const notice = page.getByRole('region', { name: 'Dispatch is paused' });
  await expect(notice).toContainText('Jobs on pods go on; queued ones wait.');
  await expect(pause).toBeHidden();
  const { id } = await podium.submit(template('text-to-image'), 'Held back');
  expect((await podium.job(id)).state).toBe('queued');
  await notice.getByRole('button', { name: 'Resume' }).click();
  await expect(pause).toBeVisible();
  await expect(dialog).toBeHidden();
  await podium.reaches(id, 'succeeded');
});
