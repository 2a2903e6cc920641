import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { loadPrompt } from '../support/prompts.ts';
import { expect, fitsWidth, isAccessible, template, sharing as test } from './fixtures.ts';

const picture = (background: string) =>
  sharp({ create: { width: 320, height: 200, channels: 3, background } })
    .png()
    .toBuffer();
/** The form of a workflow that reads a picture; its field for that. */
async function openField(page: Page) {
  await page.goto('/submit');
  await page.getByLabel('Paste a workflow').fill(JSON.stringify(loadPrompt('')));
  const field = page.getByRole('group', { name: /image/i });
  await expect(field).toBeVisible();
  return field;
}
const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer });

test('B404 takes a picture for a workflow, shows it, and runs the job with it', async ({ page, podium }) => {
  const field = await openField(page);
  await field.locator('input[type=file]').setInputFiles(file('cat.png', 'image/png', await picture('teal')));
  await expect(field.getByRole('img')).toBeVisible();
  await expect(field).toContainText('cat.png');
  await isAccessible(page, 'a form with an upload');
  await page.setViewportSize({ width: 360, height: 780 });
  await fitsWidth(page, 'a form with an upload');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Submit job' }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await podium.reaches(page.url().split('/').at(-1) ?? '', 'succeeded');
});

test('B404 takes a dropped picture where the form wants one, and says what it does not take', async ({ page }) => {
  const field = await openField(page);
  await field.locator('input[type=file]').setInputFiles(file('film.mp4', 'video/mp4', Buffer.from('no film')));
  await expect(field.getByRole('alert')).toHaveText('“film.mp4” is not an image: choose an image.');
  const bytes = (await picture('orange')).toString('base64');
  const transfer = await page.evaluateHandle((given) => {
    const held = new DataTransfer();
    const content = Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));
    held.items.add(new File([content], 'dropped.png', { type: 'image/png' }));
    return held;
  }, bytes);
  await field.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(field).toContainText('dropped.png');
  await expect(field.getByRole('alert')).toBeHidden();
  await field.getByRole('button', { name: 'Remove' }).click();
  await expect(field.getByRole('img')).toBeHidden();
});

test('B404 goes on with an upload after the connection broke off', async ({ page, complaints }) => {
  complaints.expected = true;
  const field = await openField(page);
  let cuts = 0;
  await page.route('**/api/uploads/*', async (route) => {
    if (route.request().method() !== 'PUT' || cuts === 2) return route.fallback();
    cuts += 1;
    return route.abort('connectionreset');
  });
  await field.locator('input[type=file]').setInputFiles(file('cut.png', 'image/png', await picture('plum')));
  await expect(field.getByRole('img')).toBeVisible();
  expect(cuts).toBe(2);
});

test('B404 takes the picture of an earlier job', async ({ page, podium }) => {
  const { id } = await podium.submit(template('text-to-image'), 'Harbour at dusk');
  await podium.reaches(id, 'succeeded');
  const field = await openField(page);
  await field.getByRole('button', { name: 'Earlier output' }).click();
  await page
    .getByRole('button', { name: /Harbour at dusk/ })
    .first()
    .click();
  await expect(field.getByRole('img')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Submit job' })).toBeEnabled();
});
