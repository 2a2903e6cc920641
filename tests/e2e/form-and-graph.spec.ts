import type { Page } from '@playwright/test';
import { workflowCheckSchema } from '../../lib/protocol/workflows.ts';
import { expect, isAccessible, sharing as test, template } from './fixtures.ts';

async function choose(page: Page, name: string, content: Buffer): Promise<void> {
  await page.goto('/submit');
  const chooser = page.waitForEvent('filechooser');
  await page.getByText('Choose a file').click();
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: content });
  await expect(page.getByText(/\d+ nodes understood/)).toBeVisible();
}

test('B460 draws in the graph what is in the form, and nothing moves', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/submit');
  await page.getByRole('button', { name: /^Text to image/ }).click();
  const graph = page.getByRole('group', { name: /^The workflow/ });
  const sampler = graph.locator('[data-node="5"]');
  const places = () =>
    graph
      .locator('[data-node]')
      .evaluateAll((nodes) => nodes.map((node) => JSON.stringify(node.getBoundingClientRect())));
  // The keys are the picture's, which is loaded by itself.
  await expect(sampler).toBeVisible();
  await graph.focus();
  for (let step = 0; step < 6; step += 1) await page.keyboard.press('+');
  const steps = page.getByLabel('Steps', { exact: true });
  await steps.focus();
  await expect(sampler).toContainText('steps');
  const before = await places();
  await steps.fill('37');
  await expect(sampler).toContainText('steps37');
  expect(await places()).toEqual(before);

  const text = graph.locator('[data-node="2"]');
  await page.getByLabel('Prompt', { exact: true }).fill('a hut');
  await expect(text).toContainText('a hut');
  await page.getByRole('button', { name: 'Reset all 2 edits' }).click();
  await expect(text).toContainText('a lighthouse at dusk');
  await steps.focus();
  await expect(sampler).toContainText('steps20');
});

test('B461 calls a job by the file that its workflow came in', async ({ page, podium }) => {
  const prompt = {
    '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 0 } },
    '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'x' } },
  };
  await choose(page, 'Black square.json', Buffer.from(JSON.stringify(prompt)));
  await expect(page.getByLabel('Name')).toHaveValue('Black square');
  await page.getByRole('button', { name: 'Submit job' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Black square');

  await choose(page, 'workflow (3).json', Buffer.from(JSON.stringify(template('text-to-image'))));
  await expect(page.getByLabel('Name')).toHaveValue('');
  await page.getByRole('button', { name: 'Submit job' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('a lighthouse at dusk, soft light');
  await podium.cancelAll();
});

test('B462 says once what several pods lack', async ({ page }) => {
  await page.route('**/api/workflows/check', async (route) => {
    const answer = await route.fetch();
    const check = workflowCheckSchema.parse(await answer.json());
    const pods = ['alpha', 'beta', 'gamma'].flatMap((podName) =>
      check.pods.map((pod) => ({
        ...pod,
        podId: podName,
        podName,
        sentence: pod.sentence.replace(pod.podName, podName),
      })),
    );
    await route.fulfill({ json: { ...check, pods } });
  });
  const prompt = JSON.stringify(template('text-to-image')).replace('"euler"', '"eulerr"');
  await choose(page, 'Wrong.json', Buffer.from(prompt));
  const lines = page.getByRole('region', { name: 'Pods' }).getByRole('group');
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText('On alpha, beta and gamma ');
  await lines.getByText('1 problem').click();
  await expect(lines).toContainText('eulerr');
  await isAccessible(page, 'pods that lack the same');
});
