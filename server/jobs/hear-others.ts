import type { EventFan } from './event-fan.ts';
import type { LinkListener } from './instance-link.ts';
import type { JobRunner } from './job-runner.ts';
import type { Log } from './log.ts';

interface HearDeps {
  events: EventFan;
  runner: Pick<JobRunner, 'wake' | 'cancelRequested' | 'readDispatch' | 'lookForWishes'>;
  log: Log;
}

/** What this instance does when it hears of what others did. */
export function hearOthers({ events, runner, log }: HearDeps): LinkListener {
  return {
    isNews: (jobId, revision) => events.isNews(jobId, revision),
    jobChanged: (job, progress) => {
      events.heard.jobChanged(job, progress);
      if (job.state === 'queued' || job.state === 'retry_wait') runner.wake();
      if ('cancelRequestedAt' in job && job.cancelRequestedAt !== undefined) runner.cancelRequested(job.id);
    },
    jobProgress: (jobId, progress) => events.heard.jobProgress(jobId, progress),
    jobPreview: (jobId, preview) => events.heard.jobPreview(jobId, preview),
    podChanged: (pod) => events.heard.podChanged(pod),
    dispatchChanged: () => void runner.readDispatch(),
    missed: () => {
      log.warn({}, 'what other instances did may have been missed; looking anew');
      events.missed();
      runner.wake();
      void runner.lookForWishes();
    },
  };
}
