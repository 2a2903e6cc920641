import { ComfyUIPodClient } from '../../server/comfy/pod-client.ts';
import { DEFAULT_TIMING } from '../../server/comfy/timing.ts';
import { JobWriter } from '../../server/jobs/job-writer.ts';
import type { Job } from '../../lib/jobs/job.ts';
import { transition } from '../../lib/jobs/transition.ts';
import type { Mutation } from './child-protocol.ts';

/** Takes one of the four safeguards out of this process, to see whether the proof notices. */
export function mutate(mutation: Mutation): void {
  switch (mutation) {
    case 'intent':
      return withoutIntent();
    case 'fence':
      return withoutFence();
    case 'settle':
      Object.assign(DEFAULT_TIMING, { settleDirectMs: 0, settleProxyMs: 0, settleLookMs: 1 });
      return;
    case 'move':
      // Whoever asks after a prompt of unknown fate hears that its pod forgot it, so the job is queued for any pod.
      ComfyUIPodClient.prototype.settle = async () => ({ kind: 'forgotten' });
  }
}

/** The claim is written when the pod has answered, no longer before it is asked. */
function withoutIntent(): void {
  const held = new Map<string, () => Promise<Job | false>>();
  const { applyTo } = JobWriter.prototype;
  JobWriter.prototype.applyTo = async function (job, input) {
    if (input.type !== 'claim') return applyTo.call(this, job, input);
    if (held.has(job.id)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return false;
    }
    held.set(job.id, () => applyTo.call(this, job, input));
    return transition(job, { ...input, at: new Date().toISOString() });
  };
  const { submit } = ComfyUIPodClient.prototype;
  ComfyUIPodClient.prototype.submit = async function (request) {
    const outcome = await submit.call(this, request);
    await held.get(request.jobId)?.();
    held.delete(request.jobId);
    return outcome;
  };
}

/** No write carries a fence and no lease ever seems lost. */
function withoutFence(): void {
  JobWriter.prototype.fenced = function () {
    return this;
  };
  const { submit } = ComfyUIPodClient.prototype;
  ComfyUIPodClient.prototype.submit = function ({ mayStart: _ignored, ...request }) {
    return submit.call(this, request);
  };
}
