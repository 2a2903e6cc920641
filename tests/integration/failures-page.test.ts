import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { JOB_ERROR_CODES } from '../../lib/jobs/failure-rules.ts';
import { POD_STATES } from '../../lib/protocol/pods.ts';
import { ROOT } from '../support/build-server.ts';
import { failuresPage } from '../support/failures-page.ts';

it('B276 docs/failures.md says of every failure and of every state of a pod what the code says', async () => {
  const path = join(ROOT, 'docs/failures.md');
  const page = readFileSync(path, 'utf8');
  expect(page, 'run `npm run docs:failures`').toBe(await failuresPage(path));
  for (const code of JOB_ERROR_CODES) expect(page.split(`| \`${code}\``), code).toHaveLength(3);
  for (const state of POD_STATES) expect(page).toContain(`| \`${state}\``);
});
