import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { templates } from '../../lib/workflow/templates.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { PodiumProcess } from './podium-process.ts';

/** What the browser complained about. `expected` is set while a test takes the server away. */
interface Complaints {
  expected: boolean;
}

interface Fixtures {
  /** Settings of the server of this test. */
  settings: Record<string, string>;
  podium: PodiumProcess;
  complaints: Complaints;
}

/** Each test has a server of its own; any complaint of the browser fails it. */
export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  podium: async ({ settings }, provide) => {
    const podium = new PodiumProcess({ DEMO_POD_STEP_MS: '25', ...settings });
    await podium.start();
    await provide(podium);
    await podium.close();
  },
  baseURL: async ({ podium }, provide) => provide(podium.url),
  complaints: [
    async ({ context }, provide) => {
      const complaints: Complaints = { expected: false };
      const lines: string[] = [];
      const complain = (line: string) => {
        if (!complaints.expected) lines.push(line);
      };
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          complain(`${message.type()}: ${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (error) => complain(`uncaught: ${error.error().stack ?? error.error().message}`));
      context.on('requestfailed', (request) => {
        const why = request.failure()?.errorText ?? 'failed';
        // A page that is left ends its own requests.
        if (why !== 'net::ERR_ABORTED') complain(`${why}: ${request.url()}`);
      });
      context.on('response', (response) => {
        if (response.status() >= 500) complain(`${response.status()}: ${response.url()}`);
      });
      await provide(complaints);
      expect(lines, 'the browser complained').toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

/** For tests that can share a server: each finds its pod idle, and jobs of others in the list. */
export const sharing = test.extend<object, { house: PodiumProcess }>({
  house: [
    async ({}, provide) => {
      const house = new PodiumProcess({ DEMO_POD_STEP_MS: '40' });
      await house.start();
      await provide(house);
      await house.close();
    },
    { scope: 'worker' },
  ],
  podium: async ({ house }, provide) => {
    await provide(house);
    await house.cancelAll();
  },
});

/** A template's prompt with a seed of its own. */
export function template(id: 'text-to-image' | 'slow' | 'fails' | 'oom'): Prompt {
  const found = templates(Math.floor(Math.random() * 2 ** 32), [{ demo: true, checkpoint: null }]).find(
    (one) => one.id === id,
  );
  if (!found) throw new Error(`There is no template ${id}`);
  return found.prompt;
}

/** The page is connected to the server. */
export async function isLive(page: Page): Promise<void> {
  await expect(page.locator('[data-connection="connected"]')).toBeVisible();
}

/** axe finds nothing wrong with the page, in light and in dark. */
export async function isAccessible(page: Page, face: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
    expect(found, `${face} in ${colorScheme}`).toEqual([]);
  }
}

/** Nothing is wider than the screen. */
export async function fitsWidth(page: Page, face: string): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over, `${face} is wider than the screen by`).toBeLessThanOrEqual(0);
}

/** The bar's values as they change, until `count` of them are seen. */
export async function barValues(page: Page, count: number): Promise<number[]> {
  return page.evaluate(
    (wanted) =>
      new Promise<number[]>((resolve, reject) => {
        const seen: number[] = [];
        const look = () => {
          const bar = document.querySelector<HTMLProgressElement>('progress[aria-label="Progress"]');
          if (bar && bar.value !== seen.at(-1)) seen.push(bar.value);
          if (seen.length >= wanted) done(() => resolve(seen));
        };
        const observer = new MutationObserver(look);
        const late = setTimeout(() => done(() => reject(new Error(`only ${seen.join(', ')}`))), 20_000);
        function done(end: () => void) {
          observer.disconnect();
          clearTimeout(late);
          end();
        }
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        look();
      }),
    count,
  );
}
