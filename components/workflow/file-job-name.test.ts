import { expect, it } from 'vitest';
import { jobNameOfFile } from './file-job-name.ts';

it('B461 a job is named by the file its workflow came in, without what programs add to names', () => {
  const names = {
    'Upscale 4x.json': 'Upscale 4x',
    'flux.dev.portrait.json': 'flux.dev.portrait',
    'portrait_00012_.png': 'portrait',
    'Two steps (3).json': 'Two steps',
    'Two steps - Copy.json': 'Two steps',
    'no extension': 'no extension',
    [`${'x'.repeat(300)}.json`]: 'x'.repeat(200),
  };
  for (const [file, name] of Object.entries(names)) expect(jobNameOfFile(file), file).toBe(name);
});

it('B461 a name that a program gave by itself names no job', () => {
  const files = [
    'ComfyUI_00001_.png',
    'workflow.json',
    'workflow_api (2).json',
    'Unsaved Workflow.json',
    'image.png',
    '.json',
  ];
  for (const file of files) expect(jobNameOfFile(file), file).toBeUndefined();
});
