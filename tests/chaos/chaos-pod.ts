import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import type { DemoPodControl } from '../../server/demo-pod/pod-control.ts';
import { LateProxy } from './late-proxy.ts';

/** A pod whose every death is written down, with a proxy before it where a scenario wants one. */
export class ChaosPod {
  /** Milliseconds of the epoch at which it died. */
  readonly deaths: number[] = [];
  /** Prompts that a stranger took out of its queue or its history. */
  readonly removedByStranger = new Set<string>();

  private constructor(
    readonly id: string,
    private readonly pod: DemoPod,
    readonly proxy: LateProxy | undefined,
  ) {}

  static async open(id: string, behindProxy: boolean): Promise<ChaosPod> {
    const pod = await createDemoPod({ stepMs: 10 });
    return new ChaosPod(id, pod, behindProxy ? await LateProxy.open(pod.url) : undefined);
  }

  /** The address that runners are given. */
  get url(): string {
    return this.proxy?.url ?? this.pod.url;
  }

  /** The pod's own address. */
  get directUrl(): string {
    return this.pod.url;
  }

  get control(): DemoPodControl {
    return this.pod.control;
  }

  async restart(options: { downMs: number; keepDisk: boolean }): Promise<void> {
    this.deaths.push(Date.now());
    await this.pod.control.restart(options);
  }

  /** Runs of jobs that have not ended. */
  get busy(): boolean {
    return this.control.runs.some(({ endedAt }) => endedAt === undefined);
  }

  async close(): Promise<void> {
    await this.proxy?.close();
    await this.pod.close();
  }
}
