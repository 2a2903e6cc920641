import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readWorkflowFile } from '../../lib/workflow/intake/read-workflow-file.ts';
import { readWorkflowText, readWorkflowValue } from '../../lib/workflow/intake/read-workflow-value.ts';
import { memorySource } from '../support/media-files.ts';

const FILES = new URL('../../../shared/comfyui/files/', import.meta.url);
const GOLDEN = new URL('../../../shared/comfyui/golden/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, FILES)));
const original: unknown = JSON.parse(readFileSync(new URL('workflow.json', FILES), 'utf8'));

describe('files that ComfyUI saved', () => {
  const media = readdirSync(FILES).filter((name) => name.startsWith('saved.') || name.startsWith('animated.'));
  const known = [
    'animated.png',
    'saved.flac',
    'saved.mp3',
    'saved.mp4',
    'saved.opus',
    'saved.png',
    'saved.webm',
    'saved.webp',
  ];

  it('B351 are there', () => {
    expect(media.toSorted()).toEqual(known);
  });

  it.each(known)('B351 give both forms, the workflow as it was: %s', async (name) => {
    const intake = await readWorkflowFile(memorySource(bytesOf(name)));
    expect(intake.ok && intake.found.editor?.raw).toEqual(original);
    expect(intake.ok && Object.keys(intake.found.prompt ?? {})).toHaveLength(11);
    // They were run with a stand-in prompt.
    expect(intake.ok && intake.found.notes).toEqual([expect.stringContaining('they were not saved together')]);
  });
});

describe('files that other programs make', () => {
  const [prompt, workflow] = [{ '1': { class_type: 'EmptyImage', inputs: {} } }, original];
  // As Python writes it: the encoder knows ASCII alone.
  const ascii = (value: unknown) =>
    JSON.stringify(value).replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const tags = { IFD0: { Make: `workflow:${ascii(workflow)}`, Model: `prompt:${ascii(prompt)}` } };
  const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } });

  it.each(['avif', 'jpeg', 'webp', 'png'] as const)('B351 give both forms from EXIF: %s', async (format) => {
    const bytes = await picture.clone().withExif(tags).toFormat(format).toBuffer();
    const intake = await readWorkflowFile(memorySource(bytes));
    expect(intake).toMatchObject({ ok: true, found: { source: format, editor: { raw: workflow }, prompt } });
  });

  it.each(['avif', 'jpeg', 'webp', 'png', 'gif', 'tiff'] as const)(
    'B355 are refused without one: %s',
    async (format) => {
      const intake = await readWorkflowFile(memorySource(await picture.clone().toFormat(format).toBuffer()));
      expect(intake).toMatchObject({ ok: false, message: expect.stringMatching(/workflow|TIFF/) });
    },
  );
});

describe('the published workflows', () => {
  const names = readdirSync(GOLDEN).filter((name) => name.endsWith('.ui.json'));

  it('B350 B352 are read in either form, and both forms of one agree', () => {
    const problems: string[] = [];
    for (const name of names) {
      const ui = readFileSync(new URL(name, GOLDEN), 'utf8');
      const api = readFileSync(new URL(name.replace('.ui.json', '.api.json'), GOLDEN), 'utf8');
      const editor = readWorkflowText(ui);
      if (!editor.ok || editor.found.editor === undefined) problems.push(`${name}: ${JSON.stringify(editor)}`);
      const both = readWorkflowValue({ workflow: JSON.parse(ui), prompt: JSON.parse(api) });
      const notes = both.ok ? both.found.notes : [both.message];
      // What ComfyUI exports of a node that it does not know has no class.
      const unexpected = name.includes('.unknown-nodes.')
        ? notes.filter((note) => !note.includes('no class_type'))
        : notes;
      if (unexpected.length > 0) problems.push(`${name}: ${unexpected.join(' ')}`);
    }
    expect(problems).toEqual([]);
    expect(names.length).toBeGreaterThan(100);
  });
});
