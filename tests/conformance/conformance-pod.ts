import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { FrameLog, type LoggedFrame } from './frame-log.ts';
import { PodCaller } from './pod-caller.ts';

/** The pod under test with what it can do. */
export class ConformancePod {
  readonly caller: PodCaller;

  private constructor(
    readonly url: string,
    private readonly headers: Record<string, string>,
    readonly classes: Record<string, unknown>,
  ) {
    this.caller = new PodCaller(url, headers);
  }

  /** Asks the pod for its classes first: some checks need `Probe…` nodes. Rejects where it is not ComfyUI. */
  static async meet(url: string, headers: Record<string, string> = {}): Promise<ConformancePod> {
    const { json } = await new PodCaller(url, headers).call('GET', '/object_info');
    return new ConformancePod(url, headers, z.record(z.string(), z.unknown()).parse(json));
  }

  get hasProbes(): boolean {
    return ['ProbeSteps', 'ProbeFail'].every((name) => name in this.classes);
  }

  /** ComfyUI looks at a browser's `Origin` only where it is asked by a loopback name. */
  get isLoopback(): boolean {
    return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(this.url).hostname);
  }

  socket(clientId: string, headers: Record<string, string> = {}): Promise<FrameLog> {
    return FrameLog.open(this.url, clientId, { headers: { ...this.headers, ...headers } });
  }

  /** Posts, sees it taken, and gives its id and number. */
  async submit(
    prompt: Prompt,
    clientId?: string,
    promptId: string = randomUUID(),
  ): Promise<{ id: string; number: number }> {
    const answer = await this.caller.post(prompt, {
      prompt_id: promptId,
      ...(clientId === undefined ? {} : { client_id: clientId }),
      extra_data: { podium: { jobId: `job-of-${promptId}`, attempt: 1 } },
    });
    if (answer.status !== 200) throw new Error(`The pod answered ${answer.status}: ${answer.text}`);
    const taken = z.object({ prompt_id: z.literal(promptId), number: z.number() }).parse(answer.json);
    return { id: promptId, number: taken.number };
  }
}

const eventData = z.object({ data: z.looseObject({ prompt_id: z.string().optional(), node: z.unknown().optional() }) });

export const dataOf = (frame: LoggedFrame | undefined): z.infer<typeof eventData>['data'] =>
  eventData.safeParse(frame?.content).data?.data ?? {};

/** The frames that name this prompt, in order, as `type` or `type:node`. */
export function told(frames: LoggedFrame[], promptId: string): string[] {
  return frames
    .filter((frame) => dataOf(frame).prompt_id === promptId)
    .map((frame) => {
      const { node } = dataOf(frame);
      return node === undefined ? frame.type : `${frame.type}:${String(node)}`;
    });
}

export const ended =
  (promptId: string) =>
  (frames: LoggedFrame[]): boolean =>
    told(frames, promptId).includes('executing:null');
