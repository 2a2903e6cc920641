import { inject } from 'vitest';
import { describeConformance } from './checks.ts';
import { ConformancePod } from './conformance-pod.ts';

const { url, headers } = inject('pod');
describeConformance(`the pod at ${url}`, await ConformancePod.meet(url, headers));
