import type { Job } from '../../../lib/jobs/job.ts';
import { wantsCancel } from '../../../lib/jobs/job-record.ts';
import type { EventFan } from '../event-fan.ts';
import type { LinkListener } from './instance-link.ts';
import type { JobRunner } from '../job-runner.ts';
import type { Log } from '../log.ts';

interface HearDeps {
  events: EventFan;
  runner: Pick<JobRunner, 'wake' | 'cancelRequested' | 'readDispatch' | 'lookForWishes'>;
  log: Log;
}

/** What this instance does when it hears of what others did. */
export function hearOthers({ events, runner, log }: HearDeps): LinkListener {
  return {
    isNews: (jobId, revision) => events.isNews(jobId, revision),
    wants: (mark) => events.wants(mark),
    jobPassed: (mark) => {
      events.passed(mark);
      if (waits(mark)) runner.wake();
    },
    jobChanged: (job, progress) => {
      events.heard.jobChanged(job, progress);
      if (waits(job)) runner.wake();
      if (wantsCancel(job)) runner.cancelRequested(job.id);
    },
    jobProgress: (jobId, progress) => events.heard.jobProgress(jobId, progress),
    jobPreview: (jobId, preview) => events.heard.jobPreview(jobId, preview),
    podChanged: (pod) => events.heard.podChanged(pod),
    batchMade: (batchId) => {
      events.heard.batchMade(batchId);
      runner.wake();
    },
    dispatchChanged: () => void runner.readDispatch(),
    missed: () => {
      log.warn({}, 'what other instances did may have been missed; looking anew');
      events.missed();
      runner.wake();
      void runner.lookForWishes();
    },
  };
}

function waits({ state }: Pick<Job, 'state'>): boolean {
  return state === 'queued' || state === 'retry_wait';
}
