import type { TimelineEvent } from '../../lib/jobs/job.ts';
import { capital } from '../../lib/jobs/words.ts';

/** What happened, as a person would say it. `pod` is the pod's name. The event's own detail stands below it. */
export function timelineSentence(event: Pick<TimelineEvent, 'kind' | 'podId'>, pod = 'the pod'): string {
  switch (event.kind) {
    case 'accepted':
      return 'Podium accepted the job and wrote it to disk';
    case 'submitting':
      return `Podium handed the prompt to ${pod}`;
    case 'not_sent':
      return `The prompt never reached ${pod}`;
    case 'uncertain':
      return `It is unknown whether ${pod} took the prompt, so Podium asks before it sends it again`;
    case 'resubmitting':
      return `${capital(pod)} does not have the prompt, so Podium sends it again`;
    case 'running':
      return `${capital(pod)} took the prompt`;
    case 'files_sent':
      return `Podium sends uploaded files to ${pod}`;
    case 'finished_on_pod':
      return `${capital(pod)} finished`;
    case 'copy_delayed':
      return `${capital(pod)} does not give its files yet, so Podium asks again`;
    case 'reattached':
      return 'Podium came back and follows the job again';
    case 'adopted':
      return `Podium took over the result that ${pod} already had`;
    case 'rework':
      return `${capital(pod)} died with the work, so it runs again`;
    case 'retry_wait':
      return 'The attempt failed; Podium tries again';
    case 'pod_excluded':
      return event.podId === undefined
        ? 'Pods that cannot run it are left out'
        : `${capital(pod)} is left out, since it cannot run it`;
    case 'unpinned':
      return 'Any other pod may take it now';
    case 'health_checked':
      return `${capital(pod)} was checked before the next attempt`;
    case 'memory_freed':
      return `${capital(pod)} freed its memory`;
    case 'socket_lost':
      return `The live connection to ${pod} broke off; Podium asks by polling`;
    case 'socket_back':
      return `The live connection to ${pod} is back`;
    case 'silent':
      return `${capital(pod)} gives no sign of life about it`;
    case 'files_left':
      return `${capital(pod)} still has the files; they are copied later`;
    case 'files_copied':
      return 'Files that were still on the pod were copied';
    case 'retry_requested':
      return 'Someone asked for a retry';
    case 'cancel_requested':
      return 'Someone asked to cancel';
    case 'warning':
      return 'Worth knowing';
    case 'succeeded':
      return 'The job succeeded';
    case 'failed':
      return 'The job failed';
    case 'cancelled':
      return 'The job was cancelled';
  }
}
