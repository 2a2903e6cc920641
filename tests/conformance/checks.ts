import { describe } from 'vitest';
import type { ConformancePod } from './conformance-pod.ts';
import { checkHttp } from './http-checks.ts';
import { checkPreflight } from './preflight-checks.ts';
import { checkRefusals } from './refusal-checks.ts';
import { checkRuns } from './run-checks.ts';
import { checkSocket } from './socket-checks.ts';

/**
 * What Podium relies on of a pod, with core nodes that need no model and, where the pod has them, the `Probe…` nodes.
 * The pod should have nothing else to do meanwhile.
 */
export function describeConformance(name: string, pod: ConformancePod): void {
  describe(`${name}: HTTP`, () => {
    checkHttp(pod);
  });
  describe(`${name}: what it refuses`, () => {
    checkRefusals(pod);
  });
  describe(`${name}: what Podium says of a prompt before it is sent`, () => {
    checkPreflight(pod);
  });
  describe(`${name}: runs`, () => {
    checkRuns(pod);
  });
  describe(`${name}: the socket`, () => {
    checkSocket(pod);
  });
}
