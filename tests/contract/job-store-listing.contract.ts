import { describe, expect, it } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import type { JobQuery, JobStore } from '../../server/jobs/job-store.ts';
import { accept, after, cancel, claim, queuedAt, steps, succeed, workflowOf } from '../support/sample-jobs.ts';

/** Pages, filters, search and counts. */
export function jobStoreListingContract(storeOf: () => JobStore): void {
  describe('listing', () => {
    const put = async (...jobs: Job[]) => {
      for (const job of jobs) await storeOf().create(job, workflowOf('x'));
    };
    const write = async (...versions: Job[]) => {
      for (const version of versions) await storeOf().replace(version);
    };
    const names = async (query: Partial<JobQuery>) =>
      (await storeOf().list({ limit: 100, ...query })).jobs.map(({ job }) => job.name);
    const allPages = async (query: JobQuery, between: (page: number) => Promise<void> = async () => undefined) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; ; page += 1) {
        const answer = await storeOf().list({ ...query, ...(cursor !== undefined && { cursor }) });
        expect(answer.jobs.length).toBeLessThanOrEqual(query.limit);
        seen.push(...answer.jobs.map(({ job }) => job.name));
        cursor = answer.nextCursor;
        if (cursor === undefined) return seen;
        await between(page);
      }
    };

    it('B15 shows active jobs and history together, newest first', async () => {
      const [a, b, c] = [queuedAt(1, { name: 'a' }), queuedAt(2, { name: 'b' }), queuedAt(3, { name: 'c' })];
      await put(b, c, a);
      await write(after(b, cancel));
      expect(await names({})).toEqual(['c', 'b', 'a']);
      expect(await names({ states: ['cancelled'] })).toEqual(['b']);
      expect(await names({ states: ['queued', 'cancelled'] })).toEqual(['c', 'b', 'a']);
      expect(await names({ states: ['succeeded'] })).toEqual([]);
    });

    it('B15 pages through jobs of one moment without repeating or missing one', async () => {
      const jobs = Array.from({ length: 23 }, (_, index) => queuedAt(5, { name: `n${index}` }));
      await put(...jobs);
      await Promise.all(jobs.slice(0, 11).map((job) => write(after(job, cancel))));
      const seen = await allPages({ limit: 4 });
      expect(seen.toSorted()).toEqual(jobs.map((job) => job.name).toSorted());
    });

    it('B15 ends with the last full page', async () => {
      await put(...Array.from({ length: 6 }, (_, index) => queuedAt(index)));
      const first = await storeOf().list({ limit: 3 });
      const last = await storeOf().list({ limit: 3, cursor: first.nextCursor ?? '' });
      expect(last.jobs).toHaveLength(3);
      expect(last.nextCursor).toBeUndefined();
    });

    it('B15 keeps its place while jobs come, change and go between pages', async () => {
      const jobs = Array.from({ length: 12 }, (_, index) => queuedAt(index, { name: `n${index}` }));
      await put(...jobs);
      const seen = await allPages({ limit: 3 }, async (page) => {
        await put(queuedAt(100 + page, { name: 'new' }));
        const moving = jobs[page];
        if (moving) await write(after(moving, cancel));
        const shown = jobs[11 - page];
        if (shown) await storeOf().remove(shown.id);
      });
      expect(seen).toEqual(jobs.map((job) => job.name).toReversed());
    });

    it.each(['', 'nonsense', 'e30', Buffer.from('["2026-01-01T00:00:00.000Z","x"]').toString('base64url'), '\0', 'ü'])(
      'B15 refuses the cursor %j',
      async (cursor) => {
        await put(queuedAt(1));
        await expect(storeOf().list({ limit: 1, cursor })).rejects.toMatchObject({ code: 'invalid_request' });
      },
    );

    it('B15 finds part of a name or id in any case and script', async () => {
      const job = queuedAt(1, { name: 'Écureuil ΣΊΣΥΦΟΣ Straße Ёлка' });
      await put(job, queuedAt(2, { name: 'other' }));
      for (const q of ['écureuil', 'ÉCUR', 'σίσυφος', 'strasse', 'ёлк', job.id.slice(4, 20), job.id.toUpperCase()])
        expect([q, await names({ q })]).toEqual([q, [job.name]]);
      expect(await names({ q: 'e\u0301cureuil' })).toEqual([job.name]);
      expect(await names({ q: 'absent' })).toEqual([]);
    });

    it('B15 takes `%`, `_`, quotes and backslashes for themselves', async () => {
      const odd = ['100% wool', '100 wool', 'a_b', 'axb', "it's", 'back\\slash', '*star?', '[set]', '-- ; DROP TABLE'];
      await put(...odd.map((name, index) => queuedAt(index, { name })));
      expect(await names({ q: '100%' })).toEqual(['100% wool']);
      expect(await names({ q: 'a_b' })).toEqual(['a_b']);
      expect(await names({ q: '%' })).toEqual(['100% wool']);
      for (const name of odd.slice(4)) expect(await names({ q: name })).toEqual([name]);
    });

    it('B15 pages through a search', async () => {
      const jobs = Array.from({ length: 30 }, (_, index) =>
        queuedAt(index, { name: index % 3 ? `no ${index}` : `Fox ${index}` }),
      );
      await put(...jobs);
      expect(await allPages({ limit: 4, q: 'fox' })).toEqual(
        jobs
          .filter((job) => job.name.startsWith('Fox'))
          .map((job) => job.name)
          .toReversed(),
      );
    });

    it('B15 counts all jobs that match text and pod, whatever the page and the states asked for', async () => {
      const ran = queuedAt(1, { name: 'fox one' });
      const runs = queuedAt(2, { name: 'fox two' });
      await put(ran, runs, queuedAt(3, { name: 'fox three' }), queuedAt(4, { name: 'cat' }));
      await write(...steps(ran, claim('pod-a'), accept, succeed));
      await write(...steps(runs, claim('pod-b'), accept));
      const counts = async (query: Partial<JobQuery>) => {
        const found = (await storeOf().list({ limit: 1, ...query })).counts;
        return Object.fromEntries(Object.entries(found).filter(([, jobs]) => jobs > 0));
      };
      expect(await counts({})).toEqual({ succeeded: 1, running: 1, queued: 2 });
      expect(await counts({ states: ['succeeded'] })).toEqual({ succeeded: 1, running: 1, queued: 2 });
      expect(await counts({ q: 'fox' })).toEqual({ succeeded: 1, running: 1, queued: 1 });
      expect(await counts({ podId: 'pod-a' })).toEqual({ succeeded: 1 });
      expect(await counts({ podId: 'pod-b', q: 'FOX', states: ['queued'] })).toEqual({ running: 1 });
      expect(await names({ podId: 'pod-b', q: 'FOX' })).toEqual(['fox two']);
      expect(await counts({ podId: '' })).toEqual({});
      const { nextCursor } = await storeOf().list({ limit: 2, q: 'fox' });
      expect(await counts({ q: 'fox', cursor: nextCursor ?? '' })).toEqual({ succeeded: 1, running: 1, queued: 1 });
    });
  });
}
