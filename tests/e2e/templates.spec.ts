import { readFileSync } from 'node:fs';
import { expect, fitsWidth, isAccessible, isLive, template, test } from './fixtures.ts';

test('B364 B365 a job is kept as a template with its picture, edited, used, exported, deleted and imported', async ({
  page,
  podium,
}) => {
  await page.goto('/templates');
  await isLive(page);
  await expect(page.getByRole('heading', { name: 'No templates yet' })).toBeVisible();
  await isAccessible(page, 'no templates');

  const { id } = await podium.submit(template('text-to-image'), 'A lighthouse');
  await podium.reaches(id, 'succeeded');
  await page.goto(`/jobs/${id}`);
  await page.getByRole('button', { name: 'Save as template' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Name')).toHaveValue('A lighthouse');
  await expect(dialog.locator('img')).toHaveAttribute('src', /^data:image\/webp;base64,/);
  await isAccessible(page, 'the dialog that saves');
  await dialog.getByLabel('Description').fill('Soft light at dusk.');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved as the template “A lighthouse”.')).toBeVisible();

  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Templates' }).click();
  const card = page.getByRole('article', { name: 'A lighthouse' });
  await expect(card).toContainText('Soft light at dusk.');
  await expect(card.locator('img')).toHaveAttribute('src', /^data:image\/webp;base64,/);
  await isAccessible(page, 'the templates');
  await page.getByRole('button', { name: 'Edit A lighthouse' }).click();
  await dialog.getByLabel('Name').fill('Dusk');
  await dialog.getByRole('button', { name: 'Take it away' }).click();
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('article', { name: 'Dusk' }).locator('img')).toHaveCount(0);

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export all' }).click();
  const file = await (await download).path();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ templates: [{ name: 'Dusk' }] });

  await page.getByRole('link', { name: 'Use Dusk' }).click();
  await expect(page).toHaveURL(/\/submit\?template=/);
  await expect(page.getByText('understood').first()).toBeVisible();

  await page.goto('/templates');
  await isLive(page);
  await page.getByRole('button', { name: 'Delete Dusk' }).click();
  await expect(dialog).toContainText('Jobs that were made with it stay.');
  await isAccessible(page, 'the question before a deletion');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Delete Dusk' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'No templates yet' })).toBeVisible();

  await page.getByLabel('Import').setInputFiles(file);
  await expect(page.getByRole('status').filter({ hasText: 'One template was imported.' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'Dusk' })).toBeVisible();
});

test('B364 says why a file was not imported, and fits a narrow screen', async ({ page, podium, complaints }) => {
  const { id } = await podium.submit(template('text-to-image'), 'n'.repeat(150));
  await podium.reaches(id, 'succeeded');
  const workflow: unknown = await (await fetch(`${podium.url}/api/jobs/${id}/workflow`)).json();
  const { prompt } = workflow as { prompt: unknown };
  const made = { format: 'podium-templates', version: 1, templates: [{ name: 'n'.repeat(150), prompt }] };
  const file = (name: string, value: unknown) => ({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(value)),
  });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/templates');
  await isLive(page);
  const choose = page.getByLabel('Import');
  const alert = page.getByRole('main').getByRole('alert');
  await choose.setInputFiles(file('workflow.json', prompt));
  await expect(alert).toHaveText(/^workflow\.json: This is no file of exported templates/);
  // A refusal is an answer of 400, which the browser notes.
  complaints.expected = true;
  await choose.setInputFiles(file('bad.json', { ...made, templates: [...made.templates, { name: '', prompt }] }));
  await expect(alert).toContainText('templates.1.name');
  await expect(page.getByRole('article')).toHaveCount(0);
  complaints.expected = false;
  await choose.setInputFiles(file('good.json', made));
  await expect(page.getByRole('article')).toHaveCount(1);
  await fitsWidth(page, 'the templates');
  await page.getByRole('button', { name: /^Edit nnn/ }).click();
  await fitsWidth(page, 'the dialog');
});
