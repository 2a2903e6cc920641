import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SharedFolder } from './shared-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'podium-shared-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('B263 tells an instance that shares the outputs from one that keeps them elsewhere', async () => {
  const [one, two, far] = [
    new SharedFolder(dir, 'one'),
    new SharedFolder(dir, 'two'),
    new SharedFolder(join(dir, 'far'), 'three'),
  ];
  for (const folder of [one, two, far]) await folder.join();
  expect(await one.strangers(['one', 'two', 'three'])).toEqual(['three']);
  expect(await far.strangers(['one', 'three'])).toEqual(['one']);
  await two.leave();
  expect(await one.strangers(['two'])).toEqual(['two']);
});
