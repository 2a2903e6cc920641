import { expect, it } from 'vitest';
import type { PodView } from '../../../lib/protocol/pods.ts';
import { NodeCatalogs } from './node-catalogs.ts';
import { PodJudge } from './pod-judge.ts';

const save = { input: { required: {} }, output: [], output_node: true };
const views = ['a', 'b', 'c'].map((id) => ({ id, name: id.toUpperCase(), state: 'up', breaker: 'closed' }) as PodView);
const prompt = (classType: string) => ({ '1': { class_type: classType, inputs: {} } });

/** Pods with these classes each; `asked` is how often each was asked. */
function judgeOver(has: Record<string, string[] | undefined>, hangs = false) {
  const state = { nowMs: 0, asked: {} as Record<string, number>, named: [] as string[][] };
  const catalogs = new NodeCatalogs({
    view: (podId) => views.find(({ id }) => id === podId),
    nowMs: () => state.nowMs,
    client: (podId) => ({
      nodeInfo: async () => {
        state.asked[podId] = (state.asked[podId] ?? 0) + 1;
        if (hangs) await new Promise(() => undefined);
        const classes = has[podId];
        if (!classes) throw new Error('refused');
        const body = Object.fromEntries(classes.map((name) => [name, save]));
        return { digest: classes.join(), bytes: 1, parse: () => body };
      },
    }),
  });
  const judge = new PodJudge({
    pods: () => views,
    catalogs,
    uploads: async (names) => (state.named.push([...names]), new Set(names)),
  });
  const verdicts = async (classType: string, podId?: string) =>
    Object.fromEntries(
      (await judge.verdicts({ prompt: prompt(classType) }, podId)).map((one) => [one.podId, one.verdict]),
    );
  return { state, judge, verdicts };
}

it('B387 asks anew before it says that no pod runs a prompt, where what is known is ten seconds old', async () => {
  const has = { a: ['One'], b: ['One'], c: ['One'] };
  const { state, verdicts } = judgeOver(has);
  expect(await verdicts('Two')).toEqual({ a: 'cannot', b: 'cannot', c: 'cannot' });
  has.b = ['One', 'Two'];
  state.nowMs = 9999;
  expect(await verdicts('Two')).toEqual({ a: 'cannot', b: 'cannot', c: 'cannot' });
  state.nowMs = 10_000;
  expect(await verdicts('Two')).toEqual({ a: 'cannot', b: 'runs', c: 'cannot' });
  expect(state.asked).toEqual({ a: 2, b: 2, c: 2 });
});

it('B387 answers from memory where a pod is known to run it', async () => {
  const { state, verdicts } = judgeOver({ a: ['One'], b: ['Two'], c: undefined });
  await verdicts('One');
  state.nowMs = 59_999;
  expect(await verdicts('One')).toEqual({ a: 'runs', b: 'cannot', c: 'unknown' });
  expect(await verdicts('Two', 'b')).toEqual({ b: 'runs' });
  expect(state.asked).toEqual({ a: 1, b: 1, c: 1 });
});

it('B386 waits for pods that hang for a second and a half, then does not know what they have', async () => {
  const { verdicts } = judgeOver({}, true);
  const begun = performance.now();
  expect(await verdicts('One')).toEqual({ a: 'unknown', b: 'unknown', c: 'unknown' });
  expect(performance.now() - begun).toBeLessThan(5000);
});

it('B384 asks which of the files that a prompt names Podium puts on pods itself', async () => {
  const { state, judge } = judgeOver({ a: ['One'] });
  const name = `podium-${'0'.repeat(64)}.png`;
  await judge.verdicts({ prompt: { '1': { class_type: 'One', inputs: { image: name, other: 'x.png' } } } });
  await judge.verdicts({ prompt: prompt('One') });
  expect(state.named).toEqual([[name]]);
});
