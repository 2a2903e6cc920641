import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type Config } from '../../server/config.ts';
import { openDesk, type Desk, type DeskOptions } from '../../server/create-desk.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import type { JobState } from '../../lib/jobs/job.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { waitUntil } from './wait-until.ts';

export interface TestDesk {
  readonly desk: Desk;
  readonly dataDir: string;
  submit(workflow: Prompt, more?: { pod?: string; priority?: number }): Promise<JobDetail>;
  job(id: string): Promise<JobDetail>;
  /** Resolves with the job once it is in one of these states. */
  reaches(id: string, states: JobState | JobState[], withinMs?: number): Promise<JobDetail>;
  podState(id: string, state: string, withinMs?: number): Promise<void>;
  /** Ends this desk and opens another over the same data, as a restart of Podium does; `meanwhile` happens in between. */
  restart(more?: Partial<Config>, meanwhile?: () => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

/** A desk over real pods with a data folder of its own. `pods` maps ids to URLs. */
export async function openTestDesk(
  pods: Record<string, string>,
  given: Partial<Config> = {},
  options: DeskOptions = {},
): Promise<TestDesk> {
  const dataDir = mkdtempSync(join(tmpdir(), 'podium-desk-'));
  const urls = Object.entries(pods).map(([id, url]) => `${id}=${url}`);
  const open = async (more: Partial<Config>) => {
    const config = {
      ...readConfig({ COMFYUI_POD_URL: urls.join(','), POD_REQUESTS_PER_SECOND: '0' }),
      dataDir,
      retryBackoffBaseMs: 20,
      ...more,
    };
    const opened = await openDesk(config, options);
    await opened.start();
    return opened;
  };
  let desk = await open(given);
  const job = async (id: string) => {
    const found = await desk.service.get(id);
    if (!found) throw new Error(`There is no job ${id}`);
    return found;
  };
  const test: TestDesk = {
    dataDir,
    get desk() {
      return desk;
    },
    submit: async (workflow, more = {}) => (await desk.service.submit({ workflow, ...more })).job,
    job,
    async reaches(id, states, withinMs = 15_000) {
      const wanted = [states].flat();
      let last = '';
      const fits = async () => {
        const now = await job(id);
        last = `${now.state} ${now.error?.message ?? ''}`;
        return wanted.includes(now.state) && now;
      };
      return waitUntil(fits, `job ${id} is ${wanted.join(' or ')}`, withinMs).catch((error: unknown) => {
        throw new Error(`${String(error)}; it is ${last}`);
      });
    },
    async podState(id, state, withinMs = 15_000) {
      await waitUntil(() => desk.runner.pod(id)?.state === state, `pod ${id} is ${state}`, withinMs);
    },
    async restart(more = {}, meanwhile) {
      await desk.close();
      await meanwhile?.();
      desk = await open({ ...given, ...more });
    },
    async close() {
      await desk.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return test;
}
