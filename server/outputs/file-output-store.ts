import { createReadStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { jobOutputSchema, type JobOutput } from '../../lib/jobs/job.ts';
import type { OutputSource, OutputStore } from '../jobs/output-store.ts';
import { describeOutput } from './describe-output.ts';
import { download, type Downloaded } from './download.ts';
import { syncFolder, writeWhole } from '../files/durable-files.ts';
import {
  attemptsWith,
  dropEarlierAttempts,
  dropLeftovers,
  filesOf,
  folderOf,
  makeFolder,
  type OutputFiles,
  type OutputPlace,
} from './job-folder.ts';
import { safeFilename } from '../files/safe-filename.ts';
import { Thumbnails } from './thumbnails.ts';

export interface FileOutputStore extends OutputStore {
  /**
   * A WebP of a picture, at least `widthPx` wide where the picture is; made once and kept. Undefined for what is not a
   * picture or cannot be decoded within bounds.
   */
  thumbnail(jobId: string, output: JobOutput, widthPx: number): Promise<Uint8Array | undefined>;
  /** Deletes half-written files that nobody goes on with. What cannot be deleted now is left for the next time. */
  cleanUp(): Promise<void>;
}

/** A half-written file that nothing was added to for an hour: its job has ended without it, or begins it anew. */
const LEFTOVER_AFTER_MS = 60 * 60_000;
const CLEAN_EVERY_MS = 24 * 60 * 60_000;

/** Copies of results as files under `dir`, one folder a job. */
export function createFileOutputStore(options: { dir: string; maxBytes: number }): FileOutputStore {
  return new FolderOutputStore(options.dir, options.maxBytes);
}

class FolderOutputStore implements FileOutputStore {
  private readonly copying = new Map<string, Promise<unknown>>();
  private readonly thumbnails = new Thumbnails();
  /** Milliseconds since the epoch. */
  private cleanedAt = 0;

  constructor(
    private readonly dir: string,
    private readonly maxBytes: number,
  ) {}

  async copy(place: OutputPlace, source: OutputSource, signal: AbortSignal): Promise<JobOutput> {
    const files = filesOf(this.dir, place);
    // Two copies of one output would write to one file: the second finds what the first made.
    while (this.copying.has(files.content)) await this.copying.get(files.content)?.catch(() => undefined);
    const copying = this.copyOnce(place, files, source, signal);
    this.copying.set(files.content, copying);
    try {
      return await copying;
    } finally {
      this.copying.delete(files.content);
    }
  }

  async open(
    jobId: string,
    output: JobOutput,
    range?: { start: number; end: number },
  ): Promise<{ body: Readable; bytes: number } | undefined> {
    const files = await this.find(jobId, output);
    return files && { body: Readable.from(contentOf(files, range), { objectMode: false }), bytes: output.bytes };
  }

  async thumbnail(jobId: string, output: JobOutput, widthPx: number): Promise<Uint8Array | undefined> {
    const files = await this.find(jobId, output);
    return files && this.thumbnails.get(files, output.contentType, widthPx);
  }

  async remove(jobId: string): Promise<void> {
    await rm(folderOf(this.dir, jobId), { recursive: true, force: true });
  }

  async cleanUp(): Promise<void> {
    this.cleanedAt = Date.now();
    const parts = () => [...this.copying.keys()].map((content) => content.replace(/\.bin$/, '.part'));
    await dropLeftovers(this.dir, LEFTOVER_AFTER_MS, (path) => parts().includes(path)).catch(() => undefined);
  }

  private async copyOnce(
    place: OutputPlace,
    files: OutputFiles,
    source: OutputSource,
    signal: AbortSignal,
  ): Promise<JobOutput> {
    const made = await readCopy(files);
    if (made) return made;
    await makeFolder(this.dir, place.jobId);
    await dropEarlierAttempts(this.dir, place);
    if (Date.now() - this.cleanedAt > CLEAN_EVERY_MS) void this.cleanUp();
    const got = await download(files.part, openerOf(source), this.maxBytes, signal);
    const output = await describe(files.part, place.index, source, got);
    await rename(files.part, files.content);
    await writeWhole(files.record, JSON.stringify(output));
    await syncFolder(folderOf(this.dir, place.jobId));
    return output;
  }

  /** The files of one output: of the newest attempt that has this very content. */
  private async find(jobId: string, output: JobOutput): Promise<OutputFiles | undefined> {
    for (const attempt of await attemptsWith(this.dir, jobId, output.index)) {
      const files = filesOf(this.dir, { jobId, attempt, index: output.index });
      if ((await readCopy(files))?.sha256 === output.sha256) return files;
    }
    return undefined;
  }
}

/** Opens the file with the first read, so that a body nobody reads holds nothing open. */
async function* contentOf(files: OutputFiles, range?: { start: number; end: number }): AsyncGenerator<Buffer> {
  yield* createReadStream(files.content, { ...range }) as AsyncIterable<Buffer>;
}

/** A text is written as a file too, so that all results are found in one way. */
function openerOf({ output, open: openAt }: OutputSource): OutputSource['open'] {
  if (output.kind === 'file') return openAt;
  const bytes = Buffer.from(output.text);
  return () => Promise.resolve({ body: Readable.from([bytes]), length: bytes.byteLength, offset: 0 });
}

async function describe(path: string, index: number, source: OutputSource, got: Downloaded): Promise<JobOutput> {
  const { output, nodeName } = source;
  const filename =
    output.kind === 'file'
      ? safeFilename(output.filename, `output-${index}`)
      : safeFilename(`${nodeName}-${index}.txt`, `text-${index}.txt`);
  const found = await describeOutput(path, got.bytes, filename);
  return { index, nodeId: output.nodeId, nodeName, filename, ...found, ...got };
}

/** The record of a finished copy; undefined where the copy is not whole. */
async function readCopy(files: OutputFiles): Promise<JobOutput | undefined> {
  try {
    const [record, content] = await Promise.all([readFile(files.record, 'utf8'), stat(files.content)]);
    const output = jobOutputSchema.parse(JSON.parse(record));
    return output.bytes === content.size ? output : undefined;
  } catch {
    return undefined;
  }
}
