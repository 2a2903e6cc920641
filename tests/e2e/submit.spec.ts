import { expect, template, sharing as test } from './fixtures.ts';

test('B165 says what is wrong with a text that is no workflow', async ({ page }) => {
  await page.goto('/submit');
  const text = page.getByLabel('Workflow in API form');
  const submit = page.getByRole('button', { name: 'Submit job' });
  const verdict = page.getByRole('region', { name: 'Not understood' });
  await expect(submit).toBeDisabled();

  await text.fill('{"1": {');
  await expect(verdict).toContainText('This is not JSON');
  await text.fill(JSON.stringify({ last_node_id: 1, nodes: [{ id: 1, type: 'KSampler' }], links: [] }));
  await expect(verdict).toContainText('Export (API)');
  await text.fill(JSON.stringify({ '7': { inputs: {} } }));
  await expect(verdict).toContainText('Node “7” has no class_type');
  await expect(submit).toBeDisabled();

  const chooser = page.waitForEvent('filechooser');
  await page.getByText('Choose a file').click();
  await (await chooser).setFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from('x') });
  await expect(page.getByRole('main').getByRole('alert')).toContainText('cat.png is a picture');
});

test('B165 takes a workflow from a file, several runs with new seeds', async ({ page, podium }) => {
  await page.goto('/submit');
  const chooser = page.waitForEvent('filechooser');
  await page.getByText('Choose a file').click();
  const buffer = Buffer.from(JSON.stringify(template('text-to-image')));
  await (await chooser).setFiles({ name: 'workflow_api.json', mimeType: 'application/json', buffer });
  await expect(page.getByText('7 nodes understood')).toBeVisible();
  await expect(page.getByText('CLIPTextEncode × 2')).toBeVisible();
  await page.getByLabel('Name').fill('Three of a kind');
  await page.getByLabel('Runs').fill('3');
  await page.getByRole('button', { name: 'Submit 3 jobs' }).click();
  const rows = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem').filter({ hasText: 'Three of a kind' });
  await expect(rows).toHaveCount(3);
  const seeds = await Promise.all(
    (await rows.getByRole('link').all()).map(async (link) => {
      const path = (await link.getAttribute('href')) ?? '';
      const answer = await fetch(`${podium.url}/api${path}/workflow`);
      return JSON.stringify(/"seed":\d+/.exec(await answer.text()));
    }),
  );
  expect(new Set(seeds).size).toBe(3);
});

test('B165 names the inputs that the pod refused', async ({ page }) => {
  const prompt = template('text-to-image');
  await page.goto('/submit');
  await page.getByLabel('Workflow in API form').fill(JSON.stringify(prompt).replace('"euler"', '"nobody"'));
  await page.getByRole('button', { name: 'Submit job' }).click();
  const panel = page.getByRole('region', { name: 'What went wrong' });
  await expect(panel).toContainText('sampler_name');
  await expect(panel.getByRole('link', { name: 'Change and submit again' })).toBeVisible();
});
