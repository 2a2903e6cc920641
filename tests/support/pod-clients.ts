import { randomUUID } from 'node:crypto';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { ComfyUIPodClient, type PodClientOptions } from '../../server/comfy/pod-client.ts';
import { ComfyUIWebSocketClient, type SocketOptions } from '../../server/comfy/websocket-client.ts';
import type { DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import type { PodMemory, SubmitOutcome, SubmitRequest } from '../../server/jobs/pod-client.ts';
import type { PromptEnd } from '../../server/jobs/pod-events.ts';

/** A client that was started as the server does, and what it asked to be remembered. */
export interface StartedClient {
  client: ComfyUIPodClient;
  memories: PodMemory[];
}

export function startClient(
  pod: Pick<DemoPod, 'url'>,
  options: Partial<PodClientOptions> & { socket?: SocketOptions | false; memory?: PodMemory } = {},
): StartedClient {
  const { socket, memory, ...rest } = options;
  const client = new ComfyUIPodClient({
    baseUrl: pod.url,
    ...(socket !== false && { websocketClient: new ComfyUIWebSocketClient(socket ?? {}) }),
    ...rest,
  });
  const memories: PodMemory[] = [];
  client.start(memory ?? { clientId: randomUUID() }, (known) => memories.push(known));
  return { client, memories };
}

export function submission(prompt: Prompt, more: Partial<SubmitRequest> = {}): SubmitRequest {
  return { promptId: randomUUID(), prompt, jobId: randomUUID(), attempt: 1, ...more };
}

/** Submits a prompt that the pod must accept. @returns its id */
export async function accepted(client: ComfyUIPodClient, prompt: Prompt): Promise<string> {
  const request = submission(prompt);
  const outcome: SubmitOutcome = await client.submit(request);
  if (outcome.kind !== 'accepted') throw new Error(`The pod did not accept the prompt: ${JSON.stringify(outcome)}`);
  return request.promptId;
}

/** Follows to the end; `heard` takes every progress. */
export function followed(
  client: ComfyUIPodClient,
  promptId: string,
  prompt: Prompt,
  heard: JobProgress[] = [],
  signal: AbortSignal = new AbortController().signal,
): Promise<PromptEnd> {
  return client.follow({ promptId, prompt }, { onProgress: (progress) => heard.push(progress) }, signal);
}
