import { randomUUID } from 'node:crypto';
import { RECOVERY_SCHEMA_VERSION, type RecoveredJob, type Recovery } from '../../lib/jobs/recovery.ts';
import type { DispatchState, SystemView } from '../../lib/protocol/system.ts';
import type { SystemDesk } from '../../server/jobs/desk.ts';
import { StoreUnavailableError } from '../../server/jobs/job-store.ts';

/** The desk as a whole, as a test sets it. */
export class FakeSystem implements SystemDesk {
  away = false;
  view: SystemView = {
    store: { kind: 'sqlite', available: true, warnings: [] },
    instances: [
      {
        id: '6f1c2a52-0000-4000-8000-000000000001',
        name: 'studio:4711',
        version: 'test',
        startedAt: '2026-03-04T05:06:07.000Z',
        podIds: ['pod-1'],
        self: true,
      },
    ],
    dispatch: { paused: false },
  };
  /** Newest first. */
  kept: Recovery[] = [];

  async system(): Promise<SystemView> {
    this.check();
    return this.view;
  }

  async recoveries(limit: number): Promise<Recovery[]> {
    this.check();
    return this.kept.slice(0, limit);
  }

  pause(): Promise<DispatchState> {
    return this.set({ paused: true, since: new Date().toISOString(), reason: 'Somebody paused it' });
  }

  resume(): Promise<DispatchState> {
    return this.set({ paused: false, since: new Date().toISOString() });
  }

  private async set(dispatch: DispatchState): Promise<DispatchState> {
    this.check();
    this.view = { ...this.view, dispatch };
    return dispatch;
  }

  private check(): void {
    if (this.away) throw new StoreUnavailableError('Redis does not answer.');
  }
}

/** A finished recovery that found these jobs. */
export function recoveryOf(jobs: Partial<RecoveredJob>[], more: Partial<Recovery> = {}): Recovery {
  return {
    schemaVersion: RECOVERY_SCHEMA_VERSION,
    id: randomUUID(),
    reason: 'start',
    instance: 'studio:4711',
    podIds: ['pod-1'],
    startedAt: new Date(Date.now() - 120_000).toISOString(),
    endedAt: new Date(Date.now() - 119_200).toISOString(),
    found: jobs.length,
    jobs: jobs.map((job, index) => ({
      jobId: randomUUID(),
      name: `job ${index}`,
      podId: 'pod-1',
      action: 'reattached',
      ...job,
    })),
    unanswered: [],
    ...more,
  };
}
