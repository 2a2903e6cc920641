import { randomUUID } from 'node:crypto';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { PodCaller, type Answered } from '../conformance/pod-caller.ts';
import { stepsPrompt } from './prompts.ts';

/** A quick demo pod with a caller, for tests that look at the pod itself. */
export class PodBench {
  static readonly clientId = 'bench';

  private constructor(
    readonly pod: DemoPod,
    readonly caller: PodCaller,
  ) {}

  static async open(): Promise<PodBench> {
    const pod = await createDemoPod({ stepMs: 5 });
    return new PodBench(pod, new PodCaller(pod.url));
  }

  /** Posts `steps` steps of 20 ms; rejects where no answer comes. */
  post(promptId: string, steps = 2): Promise<Answered> {
    return this.caller.post(stepsPrompt(steps, 20), {
      prompt_id: promptId,
      client_id: PodBench.clientId,
      extra_data: { podium: { jobId: `job-of-${promptId}` } },
    });
  }

  /** Posts, sees it taken, and gives its id. */
  async posted(steps?: number): Promise<string> {
    const id = randomUUID();
    const { status, text } = await this.post(id, steps);
    if (status !== 200) throw new Error(`The pod answered ${status}: ${text}`);
    return id;
  }
}
