import { describe, expect, it } from 'vitest';
import type { PodEvent } from '../../lib/jobs/pod-event.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { PromptEnd } from '../jobs/pod-events.ts';
import { FollowedPrompt } from './followed-prompt.ts';
import { UNWATCHED } from './restart-proof.ts';

const prompt: Prompt = { '5': { class_type: 'PreviewImage', inputs: {}, _meta: { title: 'Look' } } };
const held: PodEvent = {
  type: 'execution_error',
  data: {
    prompt_id: 'p',
    node_id: '5',
    node_type: 'PreviewImage',
    exception_type: 'ExecutionBlocked',
    exception_message: 'Execution Blocked: not now',
  },
};

function follow(events: PodEvent[], end: PromptEnd): { end: PromptEnd | undefined; over: boolean[] } {
  let reached: PromptEnd | undefined;
  const followed = new FollowedPrompt(
    { promptId: 'p', prompt, lookMs: 1000, seen: UNWATCHED },
    { onProgress: () => undefined },
    { resolve: (one) => (reached = one), reject: () => undefined },
    0,
  );
  const over = events.map((event) => followed.event(event));
  followed.finish(end);
  return { end: reached, over };
}

describe('a followed prompt', () => {
  it('B26 goes on after a node was held back, and says why once it succeeded', () => {
    const inferred = ['“Look” (node 5) made no output.', 'Something else.'];
    expect(follow([held, held], { kind: 'succeeded', outputs: [], warnings: inferred })).toEqual({
      over: [false, false],
      end: {
        kind: 'succeeded',
        outputs: [],
        warnings: ['Something else.', '“Look” (node 5) was held back by the workflow: not now.'],
      },
    });
    expect(follow([held], { kind: 'interrupted' }).end).toEqual({ kind: 'interrupted' });
  });

  it('B23 has ended with any other failure', () => {
    const failed: PodEvent = {
      type: 'execution_error',
      data: { ...held.data, prompt_id: 'p', exception_type: 'ValueError' },
    };
    expect(follow([failed], { kind: 'absent' }).over).toEqual([true]);
  });
});
