import { defineConfig } from 'vitest/config';

declare module 'vitest' {
  export interface ProvidedContext {
    pod: { url: string; headers: Record<string, string> };
  }
}

const [first = ''] = (process.env.COMFYUI_POD_URL ?? '').split(',');
const url = first.replace(/^[^=/]*=(?=https?:)/, '').replace(/\/+$/, '');
if (!URL.canParse(url)) throw new Error('Set COMFYUI_POD_URL to the pod to check, such as http://127.0.0.1:8188.');

/** The conformance suite against a real pod; the pod should have nothing else to do meanwhile. */
export default defineConfig({
  test: {
    include: ['tests/conformance/real-pod.test.ts'],
    testTimeout: 180_000,
    fileParallelism: false,
    provide: { pod: { url, headers: JSON.parse(process.env.COMFYUI_POD_HEADERS ?? '{}') as Record<string, string> } },
  },
});
