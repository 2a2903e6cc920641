import { defineConfig } from 'vitest/config';
import { readConfig } from './server/config.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The first pod of `COMFYUI_POD_URL`, if it is set. */
    pod: { url: string; headers: Record<string, string> } | null;
  }
}

const [pod] = readConfig().pods;

/** The conformance suite against a real pod; the pod should have nothing else to do meanwhile. */
export default defineConfig({
  test: {
    include: ['tests/conformance/real-pod.test.ts'],
    testTimeout: 180_000,
    provide: { pod: pod ? { url: pod.url.replace(/\/+$/, ''), headers: pod.headers } : null },
  },
});
