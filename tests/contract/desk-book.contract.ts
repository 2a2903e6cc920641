import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RECOVERY_SCHEMA_VERSION, type Recovery } from '../../lib/jobs/recovery.ts';
import { storeWarningSchema } from '../../lib/protocol/system.ts';
import { MAX_RECOVERIES, type DeskBook } from '../../server/jobs/desk-book.ts';
import { second } from '../support/sample-jobs.ts';

/** An empty store's book that can be closed and opened again over what it keeps. */
export interface BookHarness {
  book: DeskBook;
  reopen: () => Promise<DeskBook>;
  dispose: () => Promise<void>;
}

/** A recovery that began `seconds` after the start of 2026 and found one job. */
export function recoveryAt(seconds: number): Recovery {
  return {
    schemaVersion: RECOVERY_SCHEMA_VERSION,
    id: randomUUID(),
    reason: 'start',
    instance: 'machine-1',
    podIds: ['pod-a'],
    startedAt: second(seconds),
    found: 1,
    jobs: [{ jobId: randomUUID(), name: 'Füchse', podId: 'pod-a', action: 'reattached', percent: 43 }],
    unanswered: ['pod-b'],
  };
}

/** What every `DeskBook` must do, whatever it is made of. */
export function deskBookContract(name: string, open: () => Promise<BookHarness>): void {
  describe(`${name} as a DeskBook`, () => {
    let harness: BookHarness;
    let book: DeskBook;
    beforeEach(async () => {
      harness = await open();
      book = harness.book;
    });
    afterEach(() => harness.dispose());
    const reopen = async () => {
      book = await harness.reopen();
    };

    it('B250 makes the desk’s id once, also when many ask at once, and keeps it', async () => {
      const ids = await Promise.all(Array.from({ length: 10 }, () => book.deskId()));
      expect(new Set(ids).size).toBe(1);
      expect(ids[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      await reopen();
      expect(await book.deskId()).toBe(ids[0]);
    });

    it('B250 dispatches until it is paused, and stays paused over a restart', async () => {
      expect(await book.dispatch()).toEqual({ paused: false });
      const paused = { paused: true, since: second(1), reason: 'The night was bad – „Füchse“ first.' };
      await book.setDispatch(paused);
      await reopen();
      expect(await book.dispatch()).toEqual(paused);
      await book.setDispatch({ paused: false, since: second(2) });
      expect(await book.dispatch()).toEqual({ paused: false, since: second(2) });
    });

    it('B309 keeps what was ordered of each pod, joined with what was ordered before, over a restart', async () => {
      expect(await book.podOrders()).toEqual({});
      await book.orderPod('pod-a', { drained: true });
      await book.orderPod('pod-b "ü"\t', { freeMemoryAt: second(1) });
      await Promise.all([
        book.orderPod('pod-a', { drained: false, reopenedAt: second(2) }),
        book.orderPod('pod-b "ü"\t', { drained: true }),
        book.orderPod('pod-a', { freeMemoryAt: second(3) }),
      ]);
      await reopen();
      expect(await book.podOrders()).toEqual({
        'pod-a': { drained: false, reopenedAt: second(2), freeMemoryAt: second(3) },
        'pod-b "ü"\t': { drained: true, freeMemoryAt: second(1) },
      });
      await book.orderPod('pod-a', { reopenedAt: second(9) });
      expect((await book.podOrders())['pod-a']?.reopenedAt).toBe(second(9));
    });

    it('B250 gives recoveries back newest first, each in its newest form', async () => {
      const [early, late, middle] = [recoveryAt(1), recoveryAt(9), recoveryAt(5)];
      for (const recovery of [early, late, middle]) await book.saveRecovery(recovery);
      const ended = { ...early, endedAt: second(20), found: 2, unanswered: [] };
      await book.saveRecovery(ended);
      await reopen();
      expect(await book.recoveries(10)).toEqual([late, middle, ended]);
      expect(await book.recoveries(1)).toEqual([late]);
    });

    it('B250 keeps a bounded number of recoveries, the newest', async () => {
      const all = Array.from({ length: MAX_RECOVERIES + 5 }, (_, index) => recoveryAt(index));
      for (const recovery of all) await book.saveRecovery(recovery);
      expect((await book.recoveries(1000)).map(({ id }) => id)).toEqual(
        all
          .slice(-MAX_RECOVERIES)
          .toReversed()
          .map(({ id }) => id),
      );
    });

    it('B250 says what is unsafe about it in sentences', async () => {
      for (const warning of await book.warnings())
        expect(storeWarningSchema.parse(warning).message).toMatch(/^[A-Z].*\.$/);
    });

    it('B250 tells a time that goes on', async () => {
      const first = book.now().getTime();
      await book.dispatch();
      expect(book.now().getTime()).toBeGreaterThanOrEqual(first);
      expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
    });

    it('B250 does not call who no longer listens', async () => {
      const called: boolean[] = [];
      const end = book.onReturn(async (lost) => void called.push(lost));
      end();
      await reopen();
      await book.dispatch();
      expect(called).toEqual([]);
    });
  });
}
