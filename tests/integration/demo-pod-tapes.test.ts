import { describe, expect, it, type TestContext } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { expected, replay, withoutSteps } from '../conformance/replay.ts';
import { readTape } from '../conformance/tape.ts';

/** Every recording of nodes that the demo pod has; those of `media` it does not. */
const WHOLE = [
  'success',
  'cached',
  'cached-without-client-id',
  'previews',
  'previews-metadata',
  'previews-flags-late',
  'error',
  'oom',
  'cuda',
  'nan-text',
  'blocked',
  'rejected',
  'prompt-ids',
  'partial',
  'interrupt-wrong-id',
  'interrupt-pending',
  'pending-deleted',
  'delete-running',
  'queue-clear',
  'duplicate-prompt-id',
  'duplicate-delete-pending',
  'same-number',
  'two-in-queue',
  'expansion',
  'subgraph-ids',
  'lazy',
  'free',
  'origin',
];
const CUT_IN_MID_RUN = [
  'interrupted',
  'interrupt-without-body',
  'reconnect',
  'reconnect-after-end',
  'deafened',
  'restart',
];

describe.each(['0.8.0', '0.3.64'] as const)('the demo pod against recordings of ComfyUI %s', (version) => {
  const start = async (context: TestContext): Promise<DemoPod> => {
    const pod = await createDemoPod({ version });
    context.onTestFinished(() => pod.close());
    return pod;
  };

  it.concurrent.for(WHOLE)('B100 answers and sends what a real pod did in %s', async (name, context) => {
    const pod = await start(context);
    const tape = readTape(version, name);
    expect(await replay(pod, tape)).toEqual(expected(tape));
  });

  it.concurrent.for(CUT_IN_MID_RUN)(
    'B100 answers and sends what a real pod did in %s, but for the steps',
    async (name, context) => {
      const pod = await start(context);
      const tape = readTape(version, name);
      expect(withoutSteps(await replay(pod, tape))).toEqual(withoutSteps(expected(tape)));
    },
  );

  it.concurrent('B101 obeys an interrupt only after a node that does not listen', async (context) => {
    const pod = await start(context);
    const tape = readTape(version, 'busy-post');
    const told = await replay(pod, tape);
    const wanted = expected(tape);
    expect(told.answers).toEqual(wanted.answers);
    // The recording ends before the prompt that waited goes on.
    expect(told.frames.a?.slice(0, wanted.frames.a?.length)).toEqual(wanted.frames.a);
  });
});
