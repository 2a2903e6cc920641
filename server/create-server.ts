import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';
import { openDesk, type DeskOptions } from './create-desk.ts';
import { createFront } from './create-front.ts';
import { logEvents } from './log-events.ts';
import { openPages } from './pages.ts';
import { PODIUM_VERSION } from './version.ts';

export interface ServerOptions extends Omit<DeskOptions, 'log'> {
  log?: Logger;
  /** Without pages the API and the sockets run alone. */
  pages?: boolean;
}

export type PodiumServer = Awaited<ReturnType<typeof createServer>>;

/** The composition root: one HTTP server for pages, API and sockets over one desk. Nothing listens before `start`. */
export async function createServer(config: Config, options: ServerOptions = {}) {
  const log = options.log ?? pino({ level: 'silent' });
  const desk = await openDesk(config, { ...options, log });
  const { service: jobs, batches, workflows, runner: pods, system, templates, outputs, uploads, events, link } = desk;
  events.addOwn(logEvents(log));
  const front = createFront({
    config,
    jobs,
    batches,
    templates,
    workflows,
    pods,
    system,
    outputs,
    uploads,
    events,
    log,
    version: PODIUM_VERSION,
    onPreviewInterest: (jobId, wanted) => link.wantPreviews(jobId, wanted),
  });

  return {
    desk,
    get url() {
      return front.url;
    },
    /** Listens, then recovers and begins to work. Rejects where the port is taken. */
    async start(): Promise<void> {
      await front.listen();
      if (options.pages !== false) {
        const { development, host } = config;
        await front.serve(openPages({ development, host, port: front.port, server: front.server }));
      }
      await desk.start();
    },
    /** No new work, flush, close sockets; jobs stay on their pods. */
    async close(): Promise<void> {
      // Pods are handed over while browsers are still being answered: an heir need not wait for slow downloads.
      const handedOver = desk.handOver();
      await front.close();
      await handedOver;
      await desk.close();
    },
  };
}
