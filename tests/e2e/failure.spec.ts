import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { expect, isLive, template, test as base } from './fixtures.ts';

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

test('B163 says why a job failed and what to do, and the retry succeeds', async ({ page, podium, pod }) => {
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
  await expect(panel).toContainText('The pod lacks a file that the workflow names.');
  await expect(panel).toContainText('Install the missing file on the pod or choose one it has, then retry.');
  await expect(panel).toContainText('v1-5-pruned-emaonly-fp16.safetensors');
  await expect(page).toHaveTitle('✕ No model yet · Podium');

  await panel.getByRole('button', { name: 'Retry No model yet' }).click();
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
  await expect(page.getByRole('img', { name: /^3 nodes: / })).toContainText('ProbeFail (ProbeFail, node 2), failed');
  await expect(panel.locator('pre')).toBeHidden();
  await panel.locator('summary').click();
  await expect(panel.locator('pre')).toContainText('raise ValueError');
  await panel.getByRole('button', { name: 'Copy traceback' }).click();
  await expect(panel.getByRole('button', { name: 'traceback copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('ValueError');

  await panel.getByRole('link', { name: 'Change and submit again' }).click();
  const text = page.getByLabel('Workflow in API form');
  await text.fill(
    (await text.inputValue())
      .replace('"error"', '"block"')
      .replace('ProbeFail', 'ProbeExpand')
      .replace('"kind": "block"', '"count": 2'),
  );
  await expect(page.getByText('3 nodes understood')).toBeVisible();
  await page.getByRole('button', { name: 'Submit job' }).click();
  await expect(page).toHaveTitle('✓ Broken node · Podium');
});

test.describe('while Podium waits to try again', () => {
  test.use({
    settings: async ({ pod }, provide) =>
      provide({ COMFYUI_POD_URL: `studio=${pod.url}`, RETRY_BACKOFF_BASE_MS: '20000' }),
  });

  test('B172 counts down to the next attempt and can be cancelled', async ({ page, podium }) => {
    const { id } = await podium.submit(template('oom'), 'Too big');
    await podium.reaches(id, 'retry_wait');
    await page.goto(`/jobs/${id}`);
    const now = page.getByRole('region', { name: 'Now' });
    const seconds = async () => Number(/in (\d+) s/.exec((await now.textContent()) ?? '')?.[1]);
    await expect(now).toContainText('Podium tries again by itself in');
    const first = await seconds();
    expect(first).toBeLessThanOrEqual(20);
    await expect.poll(seconds).toBeLessThan(first);
    await page.getByRole('button', { name: 'Cancel Too big' }).click();
    await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();
  });
});
