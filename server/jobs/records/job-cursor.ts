import { z } from 'zod';
import { DeskError } from '../desk.ts';
import { jsonOf } from './stored-text.ts';

/** Where a page of the list ended: the next one holds what is older. */
export interface JobKey {
  createdAt: string;
  id: string;
}

const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);

export function writeCursor(key: JobKey): string {
  return Buffer.from(JSON.stringify([key.createdAt, key.id])).toString('base64url');
}

/** @throws DeskError `invalid_request` for anything that `writeCursor` did not make */
export function readCursor(cursor: string): JobKey {
  const parsed = cursorSchema.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success)
    throw new DeskError('invalid_request', 'The cursor is not one of this list.', [
      { field: 'cursor', message: 'Use nextCursor of the page before, or leave it out for the first page.' },
    ]);
  const [createdAt, id] = parsed.data;
  return { createdAt, id };
}
