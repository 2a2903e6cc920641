import { createHash } from 'node:crypto';

/** A Lua script as Redis knows it. */
export interface Script {
  readonly lua: string;
  /** SHA-1 of the text, by which EVALSHA calls it. */
  readonly sha: string;
}

/** @param parts Lua texts, put one after another */
export function defineScript(...parts: string[]): Script {
  const lua = parts.join('\n');
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}
