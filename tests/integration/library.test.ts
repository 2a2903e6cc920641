import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { redisKeys } from '../../server/redis/keys.ts';
import { buildPackage } from '../support/build-package.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { startRedis } from '../support/redis-process.ts';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The README's library examples, each with what its reader is told to bring along. */
function readmeExamples(): string[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  return [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
}

/** A program that does what one example says, with what its reader brings along, and says so at its end. */
function programOf(example: string): string {
  const imports = [...example.matchAll(/^import[\s\S]*?;$/gm)].map((match) => match[0]).join('\n');
  const body = example.replace(/^import[\s\S]*?;$/gm, '');
  const given: Record<string, string> = {
    baseUrl: "process.env['COMFYUI_POD_URL'] ?? ''",
    workflow: "JSON.parse(process.env['WORKFLOW'] ?? '{}')",
    prompt: "'a lighthouse at dusk'",
    redisUrl: "process.env['STORE']",
  };
  const declared = Object.entries(given)
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(body) && !new RegExp(`const ${name}\\b`).test(body))
    .map(([name, value]) => `const ${name} = ${value};`)
    .join('\n');
  const objects = ['client', 'runner', 'store'].filter((name) => new RegExp(`const ${name}\\b`).test(body));
  const end = objects.map((name) => `await ${name}.close();`).join('\n');
  return `${imports}\n${declared}\n${body}\nprocess.stdout.write(JSON.stringify({ ran: true }) + '\\n');\n${end}`;
}

/** A program outside the project that knows Podium as an installed package only. */
class Program {
  readonly dir = mkdtempSync(join(tmpdir(), 'podium-program-'));

  constructor(packageDir: string) {
    mkdirSync(join(this.dir, 'node_modules/@types'), { recursive: true });
    symlinkSync(packageDir, join(this.dir, 'node_modules/podium'));
    symlinkSync(join(root, 'node_modules/@types/node'), join(this.dir, 'node_modules/@types/node'));
    writeFileSync(join(this.dir, 'package.json'), '{"type":"module","private":true}');
    const compilerOptions = {
      target: 'ES2023',
      module: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      types: ['node'],
      outDir: 'out',
    };
    writeFileSync(join(this.dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  }

  /** All at once, because the compiler takes its time for the types of the package. */
  async compile(...sources: string[]): Promise<void> {
    for (const [index, source] of sources.entries()) writeFileSync(join(this.dir, `program-${index}.ts`), source);
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', this.dir]).catch(
      (error: { stdout?: string }) => {
        throw new Error(`The program does not compile:\n${error.stdout}\n${sources.join('\n')}`);
      },
    );
  }

  /** What the program printed, one JSON value a line. */
  async lines(env: Record<string, string>, program = 0): Promise<unknown[]> {
    const { stdout } = await run(process.execPath, [join(this.dir, `out/program-${program}.js`)], {
      cwd: this.dir,
      env: { ...process.env, DATA_DIR: join(this.dir, 'data'), ...env },
      timeout: 60_000,
    });
    return stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line): unknown => JSON.parse(line));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const IMPORTS = `import { ComfyUIPodClient, ComfyUIWebSocketClient, ComfyUIErrorHandlerService, JobFailedError } from 'podium/comfyui';
const say = (value: object) => process.stdout.write(JSON.stringify(value) + '\\n');
const baseUrl = process.env.POD ?? '';
const workflow = JSON.parse(process.env.WORKFLOW ?? '{}');
const errorHandler = new ComfyUIErrorHandlerService({ maxRetries: 3, backoffBase: 20 });
`;
const EXECUTE = `${IMPORTS}
const websocketClient = process.env.SOCKET === 'yes' ? { websocketClient: new ComfyUIWebSocketClient() } : {};
const client = new ComfyUIPodClient({ baseUrl, errorHandler, ...websocketClient });
const seen: number[] = [];
try {
  const result = await client.executeWorkflow(workflow, 200, (progress) => seen.push(progress));
  say({ result, seen });
} catch (error) {
  if (!(error instanceof JobFailedError)) throw error;
  say({ code: error.code, category: error.category, nodes: error.nodes, seen });
} finally {
  await client.close();
}
`;

interface Executed {
  result?: { outputs: { node: string; file: string; kind: string; url: string }[] };
  seen: number[];
  code?: string;
  nodes?: Record<string, unknown>;
}

describe('the library face', () => {
  let pod: DemoPod;
  let program: Program;
  const packageDir = mkdtempSync(join(tmpdir(), 'podium-package-'));
  beforeAll(async () => {
    await buildPackage(packageDir);
    program = new Program(packageDir);
    await program.compile(EXECUTE);
  }, 180_000);
  afterAll(() => {
    program.remove();
    rmSync(packageDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 10 });
  });
  afterEach(() => pod.close());

  const execute = async (socket: 'with socket' | 'no socket', workflow: object): Promise<Executed> => {
    const env = { POD: pod.url, SOCKET: socket === 'with socket' ? 'yes' : 'no', WORKFLOW: JSON.stringify(workflow) };
    const [line] = await program.lines(env);
    return line as Executed;
  };
  const expectTrueProgress = (seen: number[]) => {
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(100);
    expect(seen.filter((percent) => percent === 100)).toHaveLength(1);
  };

  it('B59 runs a workflow with a WebSocket client and names its outputs', async () => {
    const { result, seen } = await execute('with socket', stepsPrompt(20, 100));
    expectTrueProgress(seen);
    expect(seen.length).toBeLessThanOrEqual(5);
    expect(result?.outputs).toMatchObject([{ node: '3', kind: 'image', file: expect.stringMatching(/\.png$/) }]);
    const file = await fetch(result?.outputs[0]?.url ?? '');
    expect(file.headers.get('content-type')).toBe('image/png');
  }, 60_000);

  it('B59 runs a workflow without a WebSocket, with the same callback', async () => {
    const { result, seen } = await execute('no socket', stepsPrompt(5, 50));
    expectTrueProgress(seen);
    expect(result?.outputs).toHaveLength(1);
    expect(pod.control.sockets.opened).toBe(0);
  }, 60_000);

  it('B59 goes on by polling when the socket is refused', async () => {
    pod.control.socket.refuse = 502;
    const { result, seen } = await execute('with socket', stepsPrompt(5, 50));
    expectTrueProgress(seen);
    expect(result?.outputs).toHaveLength(1);
  }, 60_000);

  it('B59 goes on when the socket is cut in mid-run, and runs nothing twice', async () => {
    const cutting = setInterval(() => pod.control.dropSockets(), 300);
    try {
      const { seen } = await execute('with socket', stepsPrompt(30, 50));
      expectTrueProgress(seen);
      expect(pod.control.runs).toHaveLength(1);
    } finally {
      clearInterval(cutting);
    }
  }, 60_000);

  it('B59 retries a 429 as its error handler says, and runs nothing twice', async () => {
    for (let refusal = 0; refusal < 2; refusal += 1)
      pod.control.failNextPost({ kind: 'status', status: 429, accept: false });
    const { result } = await execute('with socket', stepsPrompt(2, 10));
    expect(result?.outputs).toHaveLength(1);
    expect(pod.control.posts).toHaveLength(3);
    expect(pod.control.runs).toHaveLength(1);
  }, 60_000);

  it('B59 rejects with a closed code and the wrong nodes where the pod refuses the workflow', async () => {
    const prompt = { '7': { class_type: 'NoSuchNode', inputs: {} } };
    const { code, seen } = await execute('with socket', prompt);
    expect(code).toBe('node_type_missing');
    expect(seen).not.toContain(100);
    expect(pod.control.posts).toHaveLength(1);
  }, 60_000);

  it('B59 B255 keeps the README’s examples true: each compiles against the built types and runs, on every store it names', async () => {
    const examples = readmeExamples();
    expect(examples.length).toBeGreaterThanOrEqual(3);
    const reader = new Program(packageDir);
    const redis = await startRedis();
    try {
      await reader.compile(...examples.map(programOf));
      for (const [index, example] of examples.entries()) {
        const env = { COMFYUI_POD_URL: pod.url, WORKFLOW: JSON.stringify(stepsPrompt(2, 10)) };
        for (const store of example.includes('redisUrl') ? [{}, { STORE: redis.url }] : [{}])
          expect(await reader.lines({ ...env, ...store }, index)).toContainEqual({ ran: true });
      }
      expect(await redis.command('EXISTS', redisKeys().events)).toBe(1);
    } finally {
      await redis.stop();
    }
    reader.remove();
  }, 180_000);
});
