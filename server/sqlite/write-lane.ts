import type { Database } from 'better-sqlite3';

interface Write {
  run: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** Bounds how long one commit keeps the event loop. */
const MAX_WRITES_PER_COMMIT = 256;

/**
 * Group commit: all writes asked for in one turn of the event loop share one transaction, hence one fsync. A write's
 * promise settles only after the commit. Each write has a savepoint of its own, so one that fails takes nothing along.
 */
export class WriteLane {
  private readonly waiting: Write[] = [];
  private flushing: NodeJS.Immediate | undefined;

  /**
   * @param ready called before each commit; throws where nothing may be written
   * @param explain turns an error of SQLite into the one callers are given
   */
  constructor(
    private readonly db: Database,
    private readonly ready: () => void,
    private readonly explain: (error: unknown) => unknown,
  ) {}

  write<T>(run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ run, resolve: (value) => resolve(value as T), reject });
      this.flushing ??= setImmediate(() => this.flush());
    });
  }

  /** Commits what waits, at once. */
  flushAll(): void {
    while (this.waiting.length > 0) this.flush();
  }

  private flush(): void {
    clearImmediate(this.flushing);
    this.flushing = undefined;
    const batch = this.waiting.splice(0, MAX_WRITES_PER_COMMIT);
    if (this.waiting.length > 0) this.flushing = setImmediate(() => this.flush());
    let settle: (() => void)[];
    try {
      this.ready();
      settle = this.commit(batch);
    } catch (error) {
      if (this.db.inTransaction) this.rollBack();
      const reason = this.explain(error);
      settle = batch.map((write) => () => write.reject(reason));
    }
    for (const tell of settle) tell();
  }

  /** @returns what to tell each writer. Throws where the whole transaction failed. */
  private commit(batch: Write[]): (() => void)[] {
    this.db.exec('BEGIN IMMEDIATE');
    const settle = batch.map((write) => this.attempt(write));
    this.db.exec('COMMIT');
    return settle;
  }

  private attempt(write: Write): () => void {
    this.db.exec('SAVEPOINT write_one');
    try {
      const value = write.run();
      this.db.exec('RELEASE write_one');
      return () => write.resolve(value);
    } catch (error) {
      // A full or failing disk ends the whole transaction: nothing after it may be taken for written.
      if (!this.db.inTransaction || this.explain(error) !== error) throw error;
      this.db.exec('ROLLBACK TO write_one; RELEASE write_one');
      return () => write.reject(error);
    }
  }

  private rollBack(): void {
    try {
      this.db.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself; the error that matters is the first one.
    }
  }
}
