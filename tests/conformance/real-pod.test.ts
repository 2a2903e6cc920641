import { inject } from 'vitest';
import { describeConformance } from './checks.ts';
import { ConformancePod } from './conformance-pod.ts';

const pod = inject('pod');
if (!pod) throw new Error('Set COMFYUI_POD_URL to the pod to check, such as http://127.0.0.1:8188.');
describeConformance(`the pod at ${pod.url}`, await ConformancePod.meet(pod.url, pod.headers));
