import { mkdir, opendir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncFolder } from '../files/durable-files.ts';

export interface OutputPlace {
  jobId: string;
  attempt: number;
  index: number;
}

const placeSchema = z.object({
  jobId: z.uuid(),
  attempt: z.number().int().positive(),
  index: z.number().int().nonnegative(),
});

/** Files of one output. Names are made of numbers alone, so nothing a pod says is ever part of a path. */
export interface OutputFiles {
  content: string;
  /** What is known of the content; there once the content is whole. */
  record: string;
  /** A download that has not ended. */
  part: string;
  thumbnail: (widthPx: number) => string;
}

/** @throws ZodError for an id that is not a UUID */
export function folderOf(dir: string, jobId: string): string {
  return join(dir, z.uuid().parse(jobId).toLowerCase());
}

export function filesOf(dir: string, place: OutputPlace): OutputFiles {
  const { jobId, attempt, index } = placeSchema.parse(place);
  const base = join(folderOf(dir, jobId), `${attempt}-${index}`);
  return {
    content: `${base}.bin`,
    record: `${base}.json`,
    part: `${base}.part`,
    thumbnail: (widthPx) => `${base}.${widthPx}.webp`,
  };
}

/** Makes a job's folder, durably. */
export async function makeFolder(dir: string, jobId: string): Promise<void> {
  const made = await mkdir(folderOf(dir, jobId), { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncFolder(dir);
}

/** Attempts that left an output of this index, newest first. */
export async function attemptsWith(dir: string, jobId: string, index: number): Promise<number[]> {
  const names = await namesIn(folderOf(dir, jobId));
  return names
    .flatMap((name) => {
      const [, attempt, of] = /^(\d+)-(\d+)\.json$/.exec(name) ?? [];
      return Number(of) === index ? [Number(attempt)] : [];
    })
    .sort((a, b) => b - a);
}

/** Deletes what attempts before this one left: a job shows the outputs of its last attempt. */
export async function dropEarlierAttempts(dir: string, place: OutputPlace): Promise<void> {
  const folder = folderOf(dir, place.jobId);
  for (const name of await namesIn(folder)) {
    const attempt = Number(/^(\d+)-/.exec(name)?.[1]);
    if (attempt < place.attempt) await rm(join(folder, name), { force: true });
  }
}

/** Deletes temporary files, of any job, that nothing has written to for `olderThanMs`, but for those in use. */
export async function dropLeftovers(dir: string, olderThanMs: number, inUse: (path: string) => boolean): Promise<void> {
  for await (const folder of await opendir(dir)) {
    if (!folder.isDirectory()) continue;
    for (const name of await namesIn(join(dir, folder.name))) {
      const path = join(dir, folder.name, name);
      if (!name.endsWith('.part')) continue;
      const written = await stat(path).catch(() => undefined);
      if (written && Date.now() - written.mtimeMs > olderThanMs && !inUse(path)) await rm(path, { force: true });
    }
  }
}

/** Names in a folder; none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
