import { access, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Marks of instances that died without taking theirs away are deleted after this time. */
const FORGET_AFTER_MS = 7 * 86_400_000;

/** Tells whether several instances keep their outputs in one folder: each leaves a mark there that the others look for. */
export class SharedFolder {
  private readonly marks: string;

  constructor(
    outputsDir: string,
    private readonly instanceId: string,
  ) {
    this.marks = join(outputsDir, '.instances');
  }

  /** Leaves this instance's mark. */
  async join(): Promise<void> {
    await mkdir(this.marks, { recursive: true });
    await writeFile(join(this.marks, this.instanceId), '');
    for (const name of await readdir(this.marks)) {
      const path = join(this.marks, name);
      const mark = await stat(path).catch(() => undefined);
      if (mark && Date.now() - mark.mtimeMs > FORGET_AFTER_MS && name !== this.instanceId)
        await rm(path, { force: true });
    }
  }

  /** Of these instances, those that keep their outputs somewhere else. */
  async strangers(instanceIds: readonly string[]): Promise<string[]> {
    const seen = await Promise.all(
      instanceIds.map((id) =>
        access(join(this.marks, id)).then(
          () => undefined,
          () => id,
        ),
      ),
    );
    return seen.filter((id) => id !== undefined);
  }

  async leave(): Promise<void> {
    await rm(join(this.marks, this.instanceId), { force: true });
  }
}
