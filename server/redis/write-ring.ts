import type { RedisArgument } from './redis-caller.ts';
import { RESTORE_JOB } from './scripts/return.ts';
import type { Script } from './script.ts';

/** A job as this instance last wrote it. `workflow` and claim are there where it was made by this instance. */
export interface RingJob {
  kind: 'job';
  id: string;
  value: string;
  workflow?: string;
  /** The idempotency key as JSON. */
  claim?: string;
  bodyHash?: string;
}
/** A script that comes to the same however often it is run. `name` says what it writes. */
export interface RingScript {
  kind: 'script';
  name: string;
  script: Script;
  args: readonly RedisArgument[];
}
export type RingEntry = RingJob | RingScript;

interface Kept {
  entry: RingEntry;
  at: number;
  bytes: number;
}

/** How far entries and bytes may go beyond their limits before the oldest are dropped together, which costs less than one by one. */
const SLACK = 1.1;
const LIMITS = { ageMs: 30_000, entries: 5000, bytes: 32 * 1024 * 1024 };

/**
 * What this instance wrote lately and was told to be written, each thing in its newest form: it is written again where
 * Redis comes back without it.
 */
export class WriteRing {
  private readonly kept = new Map<string, Kept>();
  private bytes = 0;

  /** @param now in ms, of any clock that only goes forward */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly limits = LIMITS,
  ) {}

  add(entry: RingEntry): void {
    const name = nameOf(entry);
    const before = this.kept.get(name)?.entry;
    // The workflow is written once, by whoever made the job.
    const whole = entry.kind === 'job' && before?.kind === 'job' ? { ...before, ...entry } : entry;
    this.drop(name);
    const bytes = sizeOf(whole);
    this.kept.set(name, { entry: whole, at: this.now(), bytes });
    this.bytes += bytes;
    const { entries, bytes: most } = this.limits;
    if (this.kept.size > entries * SLACK || this.bytes > most * SLACK) this.trim();
  }

  /** Oldest first. */
  entries(): RingEntry[] {
    this.trim();
    return [...this.kept.values()].map(({ entry }) => entry);
  }

  private trim(): void {
    const since = this.now() - this.limits.ageMs;
    for (const [name, { at }] of this.kept) {
      if (at >= since && this.kept.size <= this.limits.entries && this.bytes <= this.limits.bytes) return;
      this.drop(name);
    }
  }

  private drop(name: string): void {
    this.bytes -= this.kept.get(name)?.bytes ?? 0;
    this.kept.delete(name);
  }
}

/** What writes an entry again. */
export function againScript(entry: RingEntry): { script: Script; args: readonly RedisArgument[] } {
  if (entry.kind === 'script') return entry;
  const { id, value, workflow = '', claim = '', bodyHash = '' } = entry;
  return { script: RESTORE_JOB, args: [id, value, workflow, claim, bodyHash] };
}

function nameOf(entry: RingEntry): string {
  return entry.kind === 'job' ? entry.id : entry.name;
}

function sizeOf(entry: RingEntry): number {
  const texts = entry.kind === 'job' ? [entry.value, entry.workflow ?? ''] : entry.args;
  return texts.reduce((sum: number, text) => sum + 2 * String(text).length, 100);
}
