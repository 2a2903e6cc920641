import { afterAll } from 'vitest';
import { createDemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { describeConformance } from '../conformance/checks.ts';
import { ConformancePod } from '../conformance/conformance-pod.ts';

for (const version of ['0.8.0', '0.3.64'] as const) {
  const pod = await createDemoPod({ version });
  afterAll(() => pod.close());
  describeConformance(`the demo pod as ${version}`, await ConformancePod.meet(pod.url));
}
