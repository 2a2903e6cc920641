import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PodDisk } from './disk.ts';
import type { EventHub } from './event-hub.ts';
import type { NodeDefinitions } from './node-definition.ts';
import { pause } from './node-execution.ts';
import type { HistoryEntry, PodVersion, QueueItem, RunRecord } from './pod-types.ts';
import { PromptRun } from './prompt-run.ts';
import { ResultCache } from './result-cache.ts';
import { LostRun } from './run-errors.ts';
import type { WorkerFaults } from './worker-faults.ts';

const MAX_HISTORY = 10_000;
const MAX_RUNS = 10_000;

/** Queue, history and the one worker of a pod: all that a restart of its process forgets. */
export class QueueWorker {
  readonly pending: QueueItem[] = [];
  running: QueueItem | undefined;
  readonly history = new Map<string, HistoryEntry>();
  nextNumber = 0;
  private readonly cache: ResultCache;
  private readonly stopping = new AbortController();
  private interruptSet = false;
  private freeWanted = false;
  private poisoned = false;
  private busy = false;
  private dead = false;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly hub: EventHub,
    private readonly disk: PodDisk,
    private readonly definitions: NodeDefinitions,
    private readonly options: { stepMs: number; version: PodVersion },
    private readonly runs: RunRecord[],
    private readonly faults: WorkerFaults,
  ) {
    this.cache = new ResultCache(disk);
  }

  get remaining(): number {
    return this.pending.length + (this.running ? 1 : 0);
  }

  /** Throws where 0.8.0's heap compares two equal items: the item stays and the worker dies at its next turn. */
  put(item: QueueItem): void {
    const twin = this.pending.some((other) => other.number === item.number && other.promptId === item.promptId);
    this.pending.push(item);
    this.pending.sort((a, b) => a.number - b.number || (a.promptId < b.promptId ? -1 : 1));
    if (twin && this.options.version === '0.8.0') {
      this.poisoned = true;
      throw new TypeError("'<' not supported between instances of 'dict' and 'dict'");
    }
    this.hub.status();
    this.wake();
  }

  /** Drops the first pending prompt with this id. */
  remove(promptId: string): void {
    const at = this.pending.findIndex((item) => item.promptId === promptId);
    if (at < 0) return;
    if (this.pending.length === 1) this.clear();
    else this.pending.splice(at, 1);
    this.hub.status();
    this.turned();
  }

  clear(): void {
    this.pending.length = 0;
    this.hub.status();
    this.turned();
  }

  interrupt(): void {
    if (this.faults.interruptsLost > 0) this.faults.interruptsLost -= 1;
    else this.interruptSet = true;
  }

  /** Drops the prompt where it waits, interrupts it where it runs. False where it is not here. */
  cancel(promptId: string): boolean {
    if (this.running?.promptId === promptId) {
      this.interruptSet = true;
      return true;
    }
    const waits = this.pending.some((item) => item.promptId === promptId);
    this.remove(promptId);
    return waits;
  }

  free(): void {
    this.freeWanted = true;
    if (!this.busy) this.applyFree();
  }

  /** The process ends: nothing more is done, sent or remembered. */
  stop(): void {
    this.dead = true;
    this.stopping.abort();
    this.turned();
  }

  /** Resolves when a prompt has ended or left the queue, or the process has. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private turned(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Looks at the queue again. */
  wake(): void {
    if (!this.busy && !this.dead && !this.poisoned && !this.faults.stuck) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    // The answer to the POST leaves before the worker thread has taken the prompt.
    await nextTurn();
    while (!this.dead && !this.faults.stuck) {
      const item = this.pending.shift();
      // The heap raises when it takes the first item out: that one is lost and the thread is dead.
      if (!item || this.poisoned) break;
      await this.run(item);
      this.applyFree();
      this.turned();
    }
    this.busy = false;
  }

  private async run(item: QueueItem): Promise<void> {
    this.running = item;
    this.hub.status();
    this.interruptSet = false;
    const podium = item.extraData.podium as { jobId?: unknown } | undefined;
    const record: RunRecord = {
      promptId: item.promptId,
      jobId: typeof podium?.jobId === 'string' ? podium.jobId : undefined,
      startedAt: Date.now(),
      endedAt: undefined,
      outcome: undefined,
      cached: false,
    };
    this.runs.push(record);
    if (this.runs.length > MAX_RUNS) this.runs.shift();
    const run = new PromptRun(item, {
      hub: this.hub,
      disk: this.disk,
      cache: this.cache,
      definitions: this.definitions,
      stepMs: this.options.stepMs,
      version: this.options.version,
      signal: this.stopping.signal,
      interrupted: () => this.interruptSet,
      takeStep: () => this.faults.takeStep(),
    });
    try {
      const outcome = await run.execute();
      Object.assign(record, { outcome, endedAt: Date.now(), cached: run.cached });
      if (this.faults.historyLateMs > 0) await pause(this.faults.historyLateMs, this.stopping.signal);
      else await nextTurn();
      if (this.dead) return;
      this.running = undefined;
      this.hub.status();
      const client = item.extraData.client_id;
      this.hub.lastNode = undefined;
      const end = (): void => {
        if (typeof client === 'string') this.hub.send('executing', { node: null, prompt_id: item.promptId }, client);
      };
      if (this.faults.historyGapMs > 0) {
        end();
        await pause(this.faults.historyGapMs, this.stopping.signal);
      }
      this.remember(item.promptId, run.history(outcome));
      if (this.faults.historyGapMs === 0) end();
    } catch (cause) {
      if (!(cause instanceof LostRun)) throw cause;
      Object.assign(record, { outcome: record.outcome ?? 'lost', endedAt: Date.now() });
    }
  }

  private remember(promptId: string, entry: HistoryEntry): void {
    this.history.set(promptId, entry);
    const oldest = this.history.keys().next().value;
    if (this.history.size > MAX_HISTORY && oldest !== undefined) this.history.delete(oldest);
  }

  private applyFree(): void {
    if (this.freeWanted) this.cache.clear();
    this.freeWanted = false;
  }
}
