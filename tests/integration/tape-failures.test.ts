import { describe, expect, it } from 'vitest';
import type { JobErrorCode } from '../../lib/jobs/failure-rules.ts';
import { promptSchema } from '../../lib/workflow/prompt.ts';
import { classifyFailure } from '../../server/comfy/classify.ts';
import { folderOf } from '../../lib/workflow/model-folders.ts';
import { readFrame } from '../../server/comfy/frames.ts';
import { readRecording, readTape, type HttpRow } from '../conformance/tape.ts';

const VERSIONS = ['0.3.64', '0.8.0'] as const;

/** The refusals of the recording `rejected` that ComfyUI gave itself, in their order. */
const REFUSALS: [JobErrorCode, string | undefined][] = [
  ['file_missing', 'no-such-file.png'],
  ['node_type_missing', 'NoSuchNode'],
  ['prompt_rejected', 'ProbeSteps'],
  ['prompt_rejected', 'ProbeSteps'],
  ['prompt_rejected', 'ProbeSteps'],
  ['prompt_rejected', 'ProbeSteps'],
  ['prompt_rejected', 'ProbeSteps'],
  ['prompt_rejected', undefined],
  ['prompt_rejected', undefined],
  ['prompt_rejected', undefined],
  ['prompt_rejected', undefined],
  ['prompt_rejected', undefined],
  ['model_missing', 'missing.safetensors'],
];

function classify({ status = 0, contentType, body = '', requestBody }: HttpRow) {
  const sent = (requestBody as { prompt?: unknown } | undefined)?.prompt;
  const answer = { status, headers: { 'content-type': contentType ?? '' }, body: Buffer.from(body) };
  return classifyFailure({ kind: 'answer', answer, shown: 'a', prompt: promptSchema.safeParse(sent).data ?? {} });
}

describe.each(VERSIONS)('failures of a real pod %s', (version) => {
  it('B273 every refusal is sorted, and what is missing is named', () => {
    const rows = readTape(version, 'rejected').filter((row): row is HttpRow => row.kind === 'http');
    const refused = rows.filter(({ path, status }) => path === '/prompt' && status === 400).map(classify);
    expect(refused.map(({ code, subject }) => [code, subject])).toEqual(REFUSALS);
    for (const { code, missing, message } of refused) {
      expect(message).toMatch(/^[A-Z“].*\.$/);
      expect(missing !== undefined).toBe(code.endsWith('_missing'));
    }
    expect(refused[0]?.missing?.[0]).toMatchObject({ kind: 'file', folder: 'input', classType: 'LoadImage' });
    expect(refused.at(-1)?.missing?.[0]).toMatchObject({ kind: 'model', folder: 'models/checkpoints' });
  });

  it.each([
    ['error', 'node_failed'],
    ['oom', 'out_of_memory'],
    ['cuda', 'gpu_broken'],
  ] as const)('B275 the failure of %s holds no folder of the pod', (name, code) => {
    const data = readTape(version, name).flatMap((row) => {
      const frame = row.kind === 'ws' && row.text !== undefined ? readFrame(Buffer.from(row.text), false) : undefined;
      return frame?.kind === 'event' && frame.event.type === 'execution_error' ? [frame.event.data] : [];
    });
    expect(data).toHaveLength(1);
    const error = classifyFailure({ kind: 'execution', data: data[0] });
    expect(error).toMatchObject({ code, traceback: expect.stringContaining('"ComfyUI/execution.py"') as string });
    expect(JSON.stringify(error)).not.toContain('/opt');
  });

  it('B273 the folder is known of every file that ComfyUI’s own nodes choose', () => {
    const classes = readRecording(version, 'object_info.json') as Record<
      string,
      { input: Record<string, Record<string, [unknown, { options?: unknown[] }?]>> }
    >;
    const unknown = Object.entries(classes).flatMap(([name, { input }]) =>
      Object.entries({ ...input['required'], ...input['optional'] })
        .filter(([, [type, options]]) => (Array.isArray(type) ? type : (options?.options ?? [0])).length === 0)
        .filter(([of]) => folderOf(name, of) === undefined)
        .map(([of]) => `${name}.${of}`),
    );
    expect(unknown.filter((one) => one !== 'CustomCombo.choice')).toEqual([]);
  });
});
