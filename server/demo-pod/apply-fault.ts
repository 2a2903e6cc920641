import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { send, type Answer } from './http-answer.ts';
import type { HttpFault, PostFault, StatusAnswer } from './pod-faults.ts';

/** Answers a request through a fault. `own` gives the pod's own answer and does its work. */
export async function answerWithFault(
  response: ServerResponse,
  fault: HttpFault,
  own: () => Promise<Answer>,
): Promise<void> {
  switch (fault.kind) {
    case 'status':
      return send(response, statusAnswer(fault));
    case 'reset':
      return reset(response);
    case 'hang':
      return;
    case 'delay':
      await sleep(fault.ms, undefined, { ref: false });
      return send(response, await own());
    case 'cut':
      return cut(response, await own(), fault.bytes);
    case 'raw':
      return raw(response, fault);
  }
}

/** Answers a `POST /prompt` through a fault. `own` takes the prompt and gives the pod's answer. */
export async function answerPostWithFault(
  response: ServerResponse,
  fault: PostFault,
  own: () => Promise<Answer>,
): Promise<void> {
  switch (fault.kind) {
    case 'reset-before':
      return reset(response);
    case 'reset-after':
      await own();
      return reset(response);
    case 'hang-after':
      await own();
      return;
    case 'late': {
      const answer = await own();
      await sleep(fault.ms, undefined, { ref: false });
      return send(response, answer);
    }
    case 'status':
      if (fault.accept) await own();
      return send(response, statusAnswer(fault));
  }
}

function statusAnswer(fault: StatusAnswer): Answer {
  return {
    status: fault.status,
    body: fault.body ?? `<html><head><title>${fault.status}</title></head><body>${fault.status}</body></html>`,
    contentType: fault.contentType ?? 'text/html',
    headers: fault.headers ?? {},
  };
}

/** Ends the connection with a TCP reset, so that the client cannot take it for an orderly end. */
function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function cut(response: ServerResponse, answer: Answer, bytes: number): void {
  const body = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status, {
    ...(answer.contentType ? { 'content-type': answer.contentType } : {}),
    'content-length': String(Math.max(body.length, bytes + 1)),
    ...answer.headers,
  });
  response.write(body.subarray(0, bytes), () => response.socket?.destroy());
}

async function raw(response: ServerResponse, fault: Extract<HttpFault, { kind: 'raw' }>): Promise<void> {
  response.writeHead(200, fault.headers);
  // The client leaves at some time: that is how an endless body ends.
  await pipeline(fault.endless ? again(fault.body) : [fault.body], response).catch(() => response.destroy());
}

function* again(body: Buffer): Generator<Buffer> {
  for (;;) yield body;
}
