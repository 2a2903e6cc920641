import type { MiddlewareHandler } from 'hono';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { JOB_ERROR_CODES } from '../../lib/jobs/failure-rules.ts';
import { JOB_STATES, isTerminal, type Job } from '../../lib/jobs/job.ts';
import { POD_STATES, podViewSchema } from '../../lib/protocol/pods.ts';
import type { JobDesk, PodDesk, SystemDesk } from '../jobs/desk.ts';
import type { JobEvents } from '../jobs/job-events.ts';

/** Seconds, from a local pod's milliseconds to a long video. */
const WAITS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800];
const RUNS = [0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400];

export interface Metrics extends Pick<JobEvents, 'jobChanged'> {
  render(): Promise<{ contentType: string; body: string }>;
  /** Seconds from a request's arrival to its job being durable. */
  accepted(seconds: number): void;
}

/** Prometheus figures, read from the domain when they are asked for and fed by its events. */
export function createMetrics(deps: { jobs: JobDesk; pods: PodDesk; system: SystemDesk }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const jobs = new Gauge({ name: 'podium_jobs', help: 'Jobs by state', labelNames: ['state'], registers });
  const store = new Gauge({ name: 'podium_store_up', help: '1 while the store answers', registers });
  const up = new Gauge({
    name: 'podium_pod_up',
    help: '1 while the pod takes prompts',
    labelNames: ['pod'],
    registers,
  });
  const queue = new Gauge({
    name: 'podium_pod_queue_length',
    help: 'Prompts on the pod, anybody’s',
    labelNames: ['pod', 'part'],
    registers,
  });
  const pods = new Gauge({ name: 'podium_pods', help: 'Pods by state', labelNames: ['state'], registers });
  const breaker = new Gauge({
    name: 'podium_pod_breaker',
    help: '1 for the state that the pod’s circuit breaker is in',
    labelNames: ['pod', 'state'],
    registers,
  });
  const failures = new Counter({
    name: 'podium_job_failures_total',
    help: 'Jobs that failed for good, by code',
    labelNames: ['code'],
    registers,
  });
  const retries = new Counter({
    name: 'podium_job_retries_total',
    help: 'Attempts that failed and are followed by another, by code',
    labelNames: ['code'],
    registers,
  });
  const reworks = new Counter({
    name: 'podium_job_reworks_total',
    help: 'Jobs that run again because their pod died with the work',
    registers,
  });
  for (const code of JOB_ERROR_CODES) {
    failures.inc({ code }, 0);
    retries.inc({ code }, 0);
  }
  const paused = new Gauge({
    name: 'podium_dispatch_paused',
    help: '1 while queued jobs are given to no pod',
    registers,
  });
  const instances = new Gauge({ name: 'podium_instances', help: 'Instances that share the store', registers });
  const warnings = new Gauge({
    name: 'podium_store_warnings',
    help: 'What about the store can lose jobs; /readyz says it in words',
    registers,
  });
  const recovered = new Gauge({
    name: 'podium_last_recovery_jobs',
    help: 'Jobs that the newest recovery found in flight',
    registers,
  });
  const recoveredAt = new Gauge({
    name: 'podium_last_recovery_timestamp_seconds',
    help: 'When the newest recovery began',
    registers,
  });
  const accept = new Histogram({
    name: 'podium_job_accept_seconds',
    help: 'Request to durable',
    buckets: WAITS,
    registers,
  });
  const pickUp = new Histogram({
    name: 'podium_job_pick_up_seconds',
    help: 'Accepted to taken by a pod',
    buckets: WAITS,
    registers,
  });
  const finish = new Histogram({
    name: 'podium_job_finish_seconds',
    help: 'Accepted to ended',
    labelNames: ['state'],
    buckets: RUNS,
    registers,
  });

  return {
    accepted: (seconds) => accept.observe(seconds),
    jobChanged(job: Job) {
      const since = (Date.parse(job.updatedAt) - Date.parse(job.createdAt)) / 1000;
      // A change that left the state as it was has another last line.
      const happened = job.timeline.at(-1)?.kind;
      if (happened === 'submitting' && job.attempts.length === 1) pickUp.observe(since);
      if (isTerminal(job.state) && happened === job.state) finish.observe({ state: job.state }, since);
      if (job.state === 'failed' && happened === 'failed') failures.inc({ code: job.error.code });
      if (job.state === 'retry_wait' && happened === 'retry_wait') retries.inc({ code: job.error.code });
      if (happened === 'rework') reworks.inc();
    },
    async render() {
      // A store that is away must not hide everything else from whoever watches Podium.
      const counts = await deps.jobs.counts().catch(() => undefined);
      store.set(counts ? 1 : 0);
      jobs.reset();
      if (counts) for (const state of JOB_STATES) jobs.set({ state }, counts[state]);
      for (const figure of [up, queue, breaker]) figure.reset();
      const views = deps.pods.pods();
      for (const state of POD_STATES) pods.set({ state }, views.filter((pod) => pod.state === state).length);
      for (const pod of views) {
        for (const state of podViewSchema.shape.breaker.options)
          breaker.set({ pod: pod.id, state }, pod.breaker === state ? 1 : 0);
        up.set({ pod: pod.id }, pod.state === 'up' || pod.state === 'degraded' ? 1 : 0);
        queue.set({ pod: pod.id, part: 'running' }, pod.queue.running);
        queue.set({ pod: pod.id, part: 'pending' }, pod.queue.pending);
      }
      const view = await deps.system.system().catch(() => undefined);
      if (view) {
        paused.set(view.dispatch.paused ? 1 : 0);
        instances.set(view.instances.length);
        warnings.set(view.store.warnings.length);
      }
      const [newest] = await deps.system.recoveries(1).catch(() => []);
      if (newest) {
        recovered.set(newest.found);
        recoveredAt.set(Date.parse(newest.startedAt) / 1000);
      }
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

/** Feeds the time from a request's arrival to its job being durable. */
export function timeAccepting(metrics: Pick<Metrics, 'accepted'>): MiddlewareHandler {
  return async (context, next) => {
    const arrivedMs = performance.now();
    await next();
    if (context.res.status === 201) metrics.accepted((performance.now() - arrivedMs) / 1000);
  };
}
