import { failureRules } from '../../lib/jobs/failure-rules.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { expect, isAccessible, isLive, template, test as base } from './fixtures.ts';

const test = base.extend<{ pod: DemoPod }>({
  pod: async ({}, provide) => {
    const pod = await createDemoPod({ stepMs: 5 });
    await provide(pod);
    await pod.close();
  },
  settings: async ({ pod }, provide) => provide({ COMFYUI_POD_URL: `studio=${pod.url}`, RETRY_BACKOFF_BASE_MS: '50' }),
});

/** ComfyUI's own answer to a prompt that names a file it does not have. */
const MISSING_MODEL = {
  error: {
    type: 'prompt_outputs_failed_validation',
    message: 'Prompt outputs failed validation',
    details: '',
    extra_info: {},
  },
  node_errors: {
    '1': {
      errors: [
        {
          type: 'value_not_in_list',
          message: 'Value not in list',
          details: "ckpt_name: 'v1-5-pruned-emaonly-fp16.safetensors' not in []",
          extra_info: { input_name: 'ckpt_name', received_value: 'v1-5-pruned-emaonly-fp16.safetensors' },
        },
      ],
      dependent_outputs: ['7'],
      class_type: 'CheckpointLoaderSimple',
    },
  },
};

test('B163 B327 says why a job failed, what is missing and that a retry will work now, and the retry succeeds', async ({
  page,
  podium,
  pod,
}) => {
  pod.control.failNextPost({
    kind: 'status',
    accept: false,
    status: 400,
    contentType: 'application/json',
    body: JSON.stringify(MISSING_MODEL),
  });
  const { id } = await podium.submit(template('text-to-image'), 'No model yet');
  await page.goto(`/jobs/${id}`);
  await isLive(page);
  const panel = page.getByRole('region', { name: 'What went wrong' });
  await expect(panel).toContainText(failureRules.model_missing.cause);
  await expect(panel).toContainText(failureRules.model_missing.nextStep);
  await expect(panel).toContainText('It tried once on studio.');
  await expect(page).toHaveTitle('✕ No model yet · Podium');

  const missing = panel.getByRole('list', { name: 'What is missing' });
  await expect(missing).toContainText('v1-5-pruned-emaonly-fp16.safetensors');
  await expect(missing).toContainText('models/checkpoints');
  await panel.getByRole('button', { name: 'Show the node' }).press('Enter');
  await expect(page.getByRole('group', { name: 'Graph' })).toBeFocused();
  const said = page.locator('article header').getByRole('status');
  await expect(said).toContainText('(node 1) is marked in the workflow');
  // The pod has it, whatever it said of that one prompt.
  await expect(panel.getByRole('status')).toContainText('a retry will work');

  await panel.getByRole('button', { name: 'Retry No model yet' }).press('Enter');
  await expect(said).toHaveText('Podium tries it again.');
  await expect(said).toBeFocused();
  await expect(page.getByRole('region', { name: 'Outputs' }).getByRole('img')).toBeVisible();
  await expect(panel).toBeHidden();
  await expect(page.getByText('Someone asked for a retry')).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Attempt 2/ })).toBeVisible();
});

test('B163 shows the node, the traceback to copy, and leads to a changed workflow', async ({
  page,
  podium,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { id } = await podium.submit(template('fails'), 'Broken node');
  await podium.reaches(id, 'failed');
  await page.goto(`/jobs/${id}`);
  const panel = page.getByRole('region', { name: 'What went wrong' });
  await expect(panel).toContainText('ProbeFail');
  const nodes = page.getByRole('group', { name: 'Graph' }).getByRole('list', { name: 'Nodes' });
  await expect(nodes).toContainText('ProbeFail (ProbeFail, node 2), failed');
  await expect(panel.locator('pre')).toBeHidden();
  await panel.locator('summary').click();
  await expect(panel.locator('pre')).toContainText('raise ValueError');
  await panel.getByRole('button', { name: 'Copy traceback' }).click();
  await expect(panel.getByRole('button', { name: 'traceback copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('ValueError');

  await panel.getByRole('link', { name: 'Change and submit again' }).click();
  await page.getByText('JSON in API form').click();
  const text = page.getByLabel('Workflow in API form');
  await text.fill(
    (await text.inputValue())
      .replace('"error"', '"block"')
      .replace('ProbeFail', 'ProbeExpand')
      .replace('"kind": "block"', '"count": 2'),
  );
  await page.getByRole('button', { name: 'Use this JSON' }).click();
  await expect(page.getByText('3 nodes understood')).toBeVisible();
  await page.getByRole('button', { name: 'Submit job' }).click();
  await expect(page).toHaveTitle('✓ Broken node · Podium');
});

test.describe('with a second pod', () => {
  const two = base.extend<{ pod: DemoPod; attic: DemoPod }>({
    pod: async ({}, provide) => {
      const pod = await createDemoPod({ stepMs: 5 });
      await provide(pod);
      await pod.close();
    },
    attic: async ({}, provide) => {
      const pod = await createDemoPod({ stepMs: 5 });
      await provide(pod);
      await pod.close();
    },
    settings: async ({ pod, attic }, provide) =>
      provide({ COMFYUI_POD_URL: `studio=${pod.url},attic=${attic.url}`, RETRY_BACKOFF_BASE_MS: '50' }),
  });

  two(
    'B323 B326 retries on another pod by keyboard, and tells both attempts on one axis',
    async ({ page, podium, pod }) => {
      pod.control.failNextPost({
        kind: 'status',
        accept: false,
        status: 413,
        contentType: 'text/html',
        body: '<html><head><title>413 Request Entity Too Large</title></head></html>',
      });
      const { id } = await podium.submit(template('text-to-image'), 'Too large', 'studio');
      await podium.reaches(id, 'failed');
      await page.goto(`/jobs/${id}`);
      await isLive(page);
      const panel = page.getByRole('region', { name: 'What went wrong' });
      await expect(panel).toContainText('It did not move it, since this pod was asked for.');
      const opener = panel.getByRole('button', { name: 'Retry on another pod' });
      await opener.press('Enter');
      await expect(panel.getByRole('button', { name: 'attic' })).toBeVisible();
      await isAccessible(page, 'the choice of another pod');
      await page.keyboard.press('Escape');
      await expect(opener).toBeFocused();
      await expect(panel.getByRole('button', { name: 'attic' })).toBeHidden();
      await page.keyboard.press('Enter');
      await panel.getByRole('button', { name: 'attic' }).press('Enter');
      await expect(page.locator('article header').getByRole('status')).toHaveText('Podium tries it again on attic.');
      await expect(page).toHaveTitle('✓ Too large · Podium');
      const rows = page.getByRole('list', { name: 'Attempts and waits' }).getByRole('listitem');
      await expect(rows.filter({ hasText: 'Attempt 1 on studio' })).toContainText('was not taken by the pod after');
      await expect(rows.filter({ hasText: 'Attempt 2 on attic' })).toContainText('moved from studio · succeeded after');
    },
  );
});

test.describe('while Podium waits to try again', () => {
  test.use({
    settings: async ({ pod }, provide) =>
      provide({ COMFYUI_POD_URL: `studio=${pod.url}`, RETRY_BACKOFF_BASE_MS: '20000' }),
  });

  test('B172 B328 counts down to the next attempt, says what happens then, and can be cancelled', async ({
    page,
    podium,
  }) => {
    const { id } = await podium.submit(template('oom'), 'Too big');
    await podium.reaches(id, 'retry_wait');
    await page.goto(`/jobs/${id}`);
    const now = page.getByRole('region', { name: 'Now' });
    const seconds = async () => Number(/in (\d+) s/.exec((await now.textContent()) ?? '')?.[1]);
    await expect(now).toContainText('Podium tries again by itself in');
    await expect(now).toContainText('The memory of studio is freed first; then it runs there.');
    const first = await seconds();
    // Twenty seconds and at most a fifth.
    expect(first).toBeLessThanOrEqual(24);
    await expect.poll(seconds).toBeLessThan(first);
    await page.getByRole('button', { name: 'Cancel Too big' }).click();
    await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();
  });
});
