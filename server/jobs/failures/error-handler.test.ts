import { describe, expect, it } from 'vitest';
import { jobError } from '../../../lib/jobs/job-error.ts';
import { decide } from './decide.ts';
import type { JobFacts, SeenFailure } from './decision.ts';
import { ComfyUIErrorHandlerService } from './error-handler.ts';
import type { DecisionEvent } from './failure-policy.ts';

const fresh: JobFacts = { attempts: [], retriesUsed: 0, excludedPods: [] };
const busy: SeenFailure = { error: jobError('pod_busy', 'Busy.'), outcome: 'refused', podId: 'a' };

describe('the error handler', () => {
  it('B287 decides as the policy does, with its settings', () => {
    const handler = new ComfyUIErrorHandlerService({
      maxRetries: 1,
      backoffBase: 500,
      poisonAfter: 3,
      random: () => 0.5,
    });
    expect(handler.settings).toEqual({ maxRetries: 1, backoffBaseMs: 500, poisonAfter: 3 });
    expect(handler.decide(fresh, busy)).toEqual(decide(fresh, busy, [], handler.settings, () => 0.5));
    expect(handler.decide(fresh, busy)).toMatchObject({ kind: 'again', delayMs: 550 });
    expect(handler.decide({ ...fresh, retriesUsed: 1 }, busy)).toEqual({ kind: 'give_up', error: busy.error });
  });

  it('B287 makes up to three retries, after one second and more, unless told', () => {
    const { settings } = new ComfyUIErrorHandlerService();
    expect(settings).toEqual({ maxRetries: 3, backoffBaseMs: 1000, poisonAfter: 2 });
    const { delayMs } = new ComfyUIErrorHandlerService().decide(fresh, busy) as { delayMs: number };
    expect(delayMs).toBeGreaterThanOrEqual(1000);
    expect(delayMs).toBeLessThanOrEqual(1200);
  });

  it('B287 tells its hook of each decision that holds', () => {
    const told: DecisionEvent[] = [];
    const handler = new ComfyUIErrorHandlerService({ onDecision: (event) => told.push(event) });
    const decision = handler.decide(fresh, busy);
    expect(told).toEqual([]);
    const event = { jobId: 'j', attempt: 1, failure: busy, decision };
    handler.decided(event);
    expect(told).toEqual([event]);
  });

  it('B287 lets a hook forbid a further attempt and never demand one', () => {
    const asked: string[] = [];
    const handler = (answer: boolean) =>
      new ComfyUIErrorHandlerService({
        mayTryAgain: (failure, { kind }) => {
          asked.push(`${failure.error.code} ${kind}`);
          return answer;
        },
      });
    expect(handler(false).decide(fresh, busy)).toEqual({ kind: 'give_up', error: busy.error });
    expect(handler(true).decide(fresh, busy)).toMatchObject({ kind: 'again' });
    const wrong: SeenFailure = { ...busy, error: jobError('prompt_rejected', 'Wrong.') };
    expect(handler(true).decide(fresh, wrong)).toEqual({ kind: 'give_up', error: wrong.error });
    expect(asked).toEqual(['pod_busy again', 'pod_busy again']);
  });
});
