import { setTimeout as sleep } from 'node:timers/promises';
import { createDemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { isUsable } from '../../server/jobs/pods/pod-health.ts';
import { openTestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';
import { compare, spread, type Comparison } from './compare.ts';

const JOBS = 50;
const OUTAGE_MS = 15_000;
const NAIVE_PAUSES_MS = [1000, 2000, 4000];

/** Requests to a pod that answers 502 while fifty jobs wait for it, over those of a client that tries each three times more. */
export async function outageBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const notice: number[] = [];
  const recover: number[] = [];
  const probes: number[] = [];
  const subject = async () => {
    const pod = await createDemoPod({ stepMs: 1 });
    const test = await openTestDesk({ one: pod.url });
    await test.podState('one', 'up');
    const usable = () => isUsable(test.desk.runner.pod('one') ?? { state: 'gone' });
    const from = pod.control.requests.length;
    const over = pod.control.fault({}, { kind: 'status', status: 502 });
    const began = performance.now();
    await Promise.all(Array.from({ length: JOBS }, () => test.submit(stepsPrompt(1, 1))));
    await waitUntil(() => !usable(), 'the outage is noticed');
    notice.push(performance.now() - began);
    await sleep(OUTAGE_MS - (performance.now() - began));
    const asked = pod.control.requests.slice(from);
    const others = asked.filter(({ path }) => path !== '/system_stats').length;
    probes.push(asked.length - others);
    over();
    const back = performance.now();
    await waitUntil(() => pod.control.runs.length > 0, 'a job runs again');
    recover.push(performance.now() - back);
    await test.close();
    await pod.close();
    return others;
  };
  const baseline = async () => {
    const pod = await createDemoPod();
    pod.control.fault({}, { kind: 'status', status: 502 });
    await Promise.all(Array.from({ length: JOBS }, () => naively(pod.url)));
    const { length } = pod.control.requests;
    await pod.close();
    return length;
  };
  const comparison = await compare(
    `requests but probes in ${OUTAGE_MS / 1000} s of 502 with ${JOBS} jobs waiting, against three retries of each`,
    { subject, baseline },
    { repeats, unit: 'requests', aim: '≤ 0.28', onRepeat },
  );
  const notes = [
    `noticed after ${spread(notice)} ms, a job runs ${spread(recover)} ms after the pod is back (aim ≤ 10000)`,
    `probes ${spread(probes)}; no job was given up, while the three retries gave up all`,
  ];
  return { ...comparison, notes };
}

async function naively(url: string): Promise<void> {
  const body = JSON.stringify({ prompt: stepsPrompt(1, 1) });
  for (const pauseMs of [0, ...NAIVE_PAUSES_MS]) {
    await sleep(pauseMs);
    const answer = await fetch(`${url}/prompt`, { method: 'POST', body });
    await answer.arrayBuffer();
    if (answer.ok) return;
  }
}
