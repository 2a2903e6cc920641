import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { jobListSchema } from '../../lib/protocol/jobs.ts';
import { expect, fitsWidth, isAccessible, template, sharing as test } from './fixtures.ts';

const saved = (name: string): Buffer => readFileSync(new URL(`../../../shared/comfyui/files/${name}`, import.meta.url));

/** Drops a file on the page, wherever that is: on its heading. */
async function drop(page: Page, name: string, type: string, content: Buffer): Promise<void> {
  const file = { name, type, bytes: content.toString('base64') };
  const transfer = await page.evaluateHandle((given) => {
    const held = new DataTransfer();
    const bytes = Uint8Array.from(atob(given.bytes), (letter) => letter.charCodeAt(0));
    held.items.add(new File([bytes], given.name, { type: given.type }));
    return held;
  }, file);
  await page.getByRole('heading', { level: 1 }).dispatchEvent('drop', { dataTransfer: transfer });
}

const button = (page: Page) => page.getByRole('button', { name: /^Submit (job|\d+ jobs)$/ });
const row = (page: Page, label: string): Locator =>
  page.locator('[data-field]').filter({ has: page.getByText(label, { exact: true }) });

test('B165 B425 says what is wrong with a text or a file that is no workflow', async ({ page }) => {
  await page.goto('/submit');
  const text = page.getByLabel('Paste a workflow');
  const verdict = page.getByRole('alert', { name: 'Not understood' });
  await text.fill('{"1": {');
  await expect(verdict).toContainText('JSON');
  await text.fill(JSON.stringify({ '7': { inputs: {} } }));
  await expect(verdict).toContainText('class_type');

  await drop(page, 'cat.png', 'image/png', Buffer.from('x'));
  await expect(verdict).toContainText('cat.png');
  await expect(verdict).toContainText('Podium takes');
  await drop(page, 'half.png', 'image/png', saved('saved.png').subarray(0, 200));
  await expect(verdict).toContainText('half.png');

  await drop(page, 'saved.json', 'application/json', Buffer.from(JSON.stringify(template('text-to-image'))));
  await expect(page.getByText('7 nodes understood')).toBeVisible();
  await expect(verdict).toBeHidden();
  await drop(page, 'again.png', 'image/png', Buffer.from('x'));
  await expect(verdict).toContainText('again.png');
  await expect(page.getByText('7 nodes understood')).toBeVisible();
});

test('B425 B429 opens a picture that ComfyUI saved, and says on which pod what is missing', async ({ page }) => {
  await page.goto('/submit');
  await drop(page, 'saved.png', 'image/png', saved('saved.png'));
  await expect(page.getByRole('region', { name: 'What was found' })).toContainText('saved.png');
  await expect(page.getByText('9 nodes understood')).toBeVisible();
  await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue(/Giant blue and purple big billboard/);
  const pods = page.getByRole('region', { name: 'Pods' });
  await expect(pods.getByRole('listitem').first()).toContainText('missing');
  await pods.getByText(/\d+ problems/).click();
  await expect(pods).toContainText('UNETLoader');
  await isAccessible(page, 'a workflow that no pod can run');

  await expect(button(page)).toBeDisabled();
  await page.getByLabel('Wait for a pod that can run it').check();
  await expect(button(page)).toBeEnabled();

  await page.getByLabel('Which of its forms is used').selectOption('prompt');
  await expect(page.getByText('11 nodes understood')).toBeVisible();
});

test('B428 sends what no pod can run once it may wait', async ({ page, podium }) => {
  await page.goto('/submit');
  await drop(page, 'saved.webm', 'video/webm', saved('saved.webm'));
  await page.getByLabel('Wait for a pod that can run it').check();
  await button(page).click();
  await expect(page).toHaveURL(/\/jobs\//);
  const job = await podium.job(page.url().split('/').at(-1) ?? '');
  expect(job.state).toBe('queued');
  expect(job.waitsFor).toContain('missing');
});

test('B425 B423 B430 opens the picture of an earlier job, edits it in the form and runs it', async ({
  page,
  podium,
}) => {
  const { id } = await podium.submit(template('text-to-image'), 'First');
  await podium.reaches(id, 'succeeded');
  const picture = Buffer.from(await (await fetch(`${podium.url}/api/jobs/${id}/outputs/0`)).arrayBuffer());
  await page.goto('/submit');
  await drop(page, 'picture.png', 'image/png', picture);
  const text = page.getByLabel('Prompt', { exact: true });
  await expect(text).toHaveValue('a lighthouse at dusk, soft light');
  await expect(page.getByText(/^Runs on /)).toBeVisible();

  await text.fill('a harbour at dawn');
  await page.getByLabel('Steps', { exact: true }).fill('12');
  await page.getByLabel('CFG', { exact: true }).fill('3');
  await expect(row(page, 'Prompt').getByText('Edited')).toBeVisible();
  await page.getByRole('button', { name: 'Reset CFG' }).click();
  await expect(page.getByLabel('CFG', { exact: true })).toHaveValue('7');
  await expect(page.getByRole('button', { name: 'Reset all 2 edits' })).toBeVisible();
  await page.getByLabel('Name').fill('Harbour');
  await button(page).click();
  await expect(page).toHaveTitle('✓ Harbour · Podium');
  const answer = await fetch(`${podium.url}/api${new URL(page.url()).pathname}/workflow`);
  const text2 = await answer.text();
  expect(text2).toContain('a harbour at dawn');
  expect(text2).toContain('"steps":12');
  expect(text2).toContain('"cfg":7');
});

test('B426 offers the closest name in the place of a wrong one, and marks its node', async ({ page }) => {
  await page.goto('/submit');
  const prompt = JSON.stringify(template('text-to-image')).replace('"euler"', '"eulerr"');
  await page.getByLabel('Paste a workflow').fill(prompt);
  const field = row(page, 'Sampler');
  await expect(field).toContainText('eulerr');
  await expect(button(page)).toBeDisabled();
  const nodes = page.getByRole('list', { name: 'Nodes' });
  await expect(nodes).toContainText(/KSampler.*problem/);
  await field.getByRole('button', { name: /^Use euler/ }).click();
  await expect(page.getByText(/^Runs on /)).toBeVisible();
  await expect(button(page)).toBeEnabled();
});

test('B426 shows no answer about an older edit', async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/workflows/check', async (route) => {
    if (route.request().postData()?.includes('"steps":0,')) await held;
    await route.continue();
  });
  await page.goto('/submit');
  await page.getByRole('button', { name: /^Text to image/ }).click();
  await expect(page.getByText(/^Runs on /)).toBeVisible();
  const steps = page.getByLabel('Steps', { exact: true });
  const asked = page.waitForRequest((request) => request.postData()?.includes('"steps":0,') ?? false);
  await steps.fill('0');
  await asked;
  const newer = page.waitForResponse((response) => response.request().postData()?.includes('"steps":9,') ?? false);
  await steps.fill('9');
  await newer;
  const older = page.waitForResponse((response) => response.request().postData()?.includes('"steps":0,') ?? false);
  release();
  await older;
  await expect(button(page)).toBeEnabled();
  await expect(steps).toHaveAttribute('aria-invalid', 'false');
  await expect(page.getByText(/^Runs on /)).toBeVisible();

  await steps.fill('0');
  await expect(button(page)).toBeDisabled();
  await expect(steps).toHaveAttribute('aria-invalid', 'true');
});

test('B421 finds a choice among many by the keyboard', async ({ page }) => {
  await page.goto('/submit');
  await page.getByRole('button', { name: /^Text to image/ }).click();
  const sampler = page.getByRole('combobox', { name: 'Sampler' });
  await sampler.click();
  await sampler.fill('2m sde');
  await expect(page.getByRole('listbox', { name: 'Sampler' }).getByRole('option').first()).toHaveText('dpmpp_2m_sde');
  await isAccessible(page, 'a choice, opened');
  await sampler.press('ArrowDown');
  await sampler.press('ArrowUp');
  await sampler.press('Enter');
  await expect(sampler).toHaveValue('dpmpp_2m_sde');
  await expect(sampler).toHaveAttribute('aria-expanded', 'false');
  await sampler.press('ArrowDown');
  await sampler.press('Escape');
  await expect(sampler).toHaveValue('dpmpp_2m_sde');
});

test('B165 B427 makes several runs with new seeds one batch', async ({ page, podium }) => {
  await page.goto('/submit');
  const chooser = page.waitForEvent('filechooser');
  await page.getByText('Choose a file').click();
  const buffer = Buffer.from(JSON.stringify(template('text-to-image')));
  await (await chooser).setFiles({ name: 'workflow_api.json', mimeType: 'application/json', buffer });
  await expect(page.getByText('7 nodes understood')).toBeVisible();
  await page.getByLabel('Name').fill('Three of a kind');
  await page.getByLabel('How many').fill('3');
  await expect(page.getByLabel('Seeds')).toHaveValue('random');
  await page.getByRole('button', { name: 'Submit 3 jobs' }).click();
  await expect(page).toHaveURL(/\/batches\//);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Three of a kind');
  const id = page.url().split('/').at(-1);
  const { jobs } = jobListSchema.parse(await (await fetch(`${podium.url}/api/jobs?batch=${id}`)).json());
  const seeds = await Promise.all(
    jobs.map(async (job) => {
      const answer = await fetch(`${podium.url}/api/jobs/${job.id}/workflow`);
      return /"seed":\d+/.exec(await answer.text())?.[0];
    }),
  );
  expect(new Set(seeds).size).toBe(3);
});

test('B427 sweeps two inputs into six jobs, said before, seen on one sheet with its axes', async ({ page }) => {
  test.slow();
  await page.goto('/submit');
  await page.getByRole('button', { name: /^Text to image/ }).click();
  await expect(page.getByText(/^Runs on /)).toBeVisible();
  await page.getByLabel('Name').fill('Sheet');
  await page.getByRole('button', { name: 'Sweep an input' }).click();
  await page.getByLabel('Input to sweep').selectOption({ label: 'Steps' });
  await page.getByLabel('Values of Steps').fill('1, 500000');
  await expect(page.getByText('out of the range of Steps')).toBeVisible();
  await expect(button(page)).toBeDisabled();
  await page.getByLabel('Values of Steps').fill('2..6 step 2');
  await page.getByRole('button', { name: 'Sweep another' }).click();
  await page.getByLabel('Input to sweep').last().selectOption({ label: 'CFG' });
  await page.getByLabel('Values of CFG').fill('4, 8');
  await expect(page.getByText('6 jobs', { exact: true })).toBeVisible();
  await isAccessible(page, 'the form with a sweep');
  await page.getByRole('button', { name: 'Submit 6 jobs' }).click();
  await expect(page).toHaveURL(/\/batches\//);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Sheet');
  // One pod makes them, one after another.
  await expect(page.getByRole('table').locator('img')).toHaveCount(6, { timeout: 90_000 });
  for (const axis of ['Steps', 'CFG']) await expect(page.getByRole('main')).toContainText(axis);
  await isAccessible(page, 'a contact sheet');
});

test('B424 fills in what was submitted last of the same workflow', async ({ page }) => {
  await page.goto('/submit');
  await page.getByRole('button', { name: /^Text to image/ }).click();
  await page.getByLabel('Prompt', { exact: true }).fill('a hut in the snow');
  await expect(button(page)).toBeEnabled();
  await button(page).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await page.goto('/submit');
  await page.getByRole('button', { name: /^Text to image/ }).click();
  await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue('a hut in the snow');
  await page.getByRole('button', { name: /^Reset 1 edit$/ }).click();
  await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue('a lighthouse at dusk, soft light');
});

test('B430 goes from a field to its node and back', async ({ page }) => {
  await page.goto('/submit');
  await page.getByRole('button', { name: /^Text to image/ }).click();
  const steps = page.getByLabel('Steps', { exact: true });
  await steps.focus();
  await expect(steps).toBeFocused();
  await expect(page.locator('[data-shown]')).toContainText('KSampler');
  await page.locator('[data-node="2"]').click();
  await expect(page.getByLabel('Prompt', { exact: true })).toBeFocused();
  await page.locator('[data-node="7"]').click();
  await expect(page.getByLabel('Find an input')).toHaveValue('#7');
  await expect(page.getByLabel(/^File name/)).toBeVisible();
});

test('B431 keeps a workflow of 5,000 nodes usable', async ({ page }) => {
  const nodes = Array.from({ length: 5000 }, (_, at): [string, object] => [
    String(at),
    { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: at } },
  ]);
  await page.goto('/submit');
  const content = Buffer.from(JSON.stringify(Object.fromEntries(nodes)));
  await drop(page, 'large.json', 'application/json', content);
  await expect(page.getByText('5,000 nodes understood')).toBeVisible();
  expect(await page.locator('[data-field]').count()).toBeLessThan(100);
  const began = Date.now();
  await page.getByLabel('Name').fill('Typed while it is there');
  expect(Date.now() - began).toBeLessThan(2000);
});

test('B431 works at 360 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/submit');
  await fitsWidth(page, 'the start');
  await drop(page, 'saved.png', 'image/png', saved('saved.png'));
  await expect(page.getByText('9 nodes understood')).toBeVisible();
  await page.getByRole('button', { name: 'Sweep an input' }).click();
  await fitsWidth(page, 'a workflow with a sweep');
});

test('B432 keeps the edited workflow as a template, submits nothing by it, and opens it again', async ({
  page,
  podium,
}) => {
  await page.goto('/submit');
  await page.getByRole('button', { name: /^Text to image/ }).click();
  await page.getByLabel('Steps', { exact: true }).fill('7');
  await page.getByLabel('Name').fill('Seven steps');
  await page.getByRole('button', { name: 'Save as template' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Save/ }).click();
  await expect(page.getByText('Saved as “Seven steps”')).toBeVisible();
  await expect(page).toHaveURL(`${podium.url}/submit`);
  await page.goto('/submit');
  await page.getByRole('link', { name: /^Seven steps/ }).click();
  await expect(page).toHaveURL(/\?template=/);
  await expect(page.getByLabel('Steps', { exact: true })).toHaveValue('7');
});
