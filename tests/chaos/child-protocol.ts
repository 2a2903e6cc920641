import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** Moments at which a runner's process can be made to die, to freeze or to block; both runners know them all. */
export const STEPS = [
  'before-intent',
  'after-intent',
  'inputs-there',
  'before-answer-recorded',
  'after-accepted',
  'progress-saved',
  'before-download',
  'after-download',
  'after-end',
] as const;
export type Step = (typeof STEPS)[number];

export const MUTATIONS = ['intent', 'fence', 'settle', 'move'] as const;
export type Mutation = (typeof MUTATIONS)[number];

/** What a child is started with, as JSON in its only argument. */
export const childOptionsSchema = z.object({
  name: z.string(),
  dataDir: z.string(),
  pods: z.record(z.string(), z.string()),
  redisUrl: z.string().optional(),
  /** Milliseconds by which its clock is wrong. */
  skewMs: z.number(),
  mutate: z.enum(MUTATIONS).optional(),
});
export type ChildOptions = z.infer<typeof childOptionsSchema>;

/** One line of JSON on a child's input. */
export const commandSchema = z.discriminatedUnion('do', [
  /** At the `nth` time from now that a job comes to this step: kill or stop the process, or block its loop. */
  z.object({
    do: z.literal('arm'),
    step: z.enum(STEPS),
    nth: z.number().int().positive(),
    act: z.enum(['kill', 'stop', 'block']),
    ms: z.number().default(0),
  }),
  z.object({ do: z.literal('block'), ms: z.number() }),
  z.object({ do: z.literal('disarm') }),
]);
export type Command = z.input<typeof commandSchema>;

/** One line of JSON on a child's output. */
export const reportSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ready'), url: z.string() }),
  z.object({ event: z.literal('step'), step: z.enum(STEPS), jobId: z.string() }),
  z.object({ event: z.literal('acting'), step: z.enum(STEPS), jobId: z.string(), act: z.string(), ms: z.number() }),
]);
export type Report = z.infer<typeof reportSchema>;

/** Written at once: the next thing may be the end of the process. */
export function report(event: Report): void {
  writeSync(1, `${JSON.stringify(event)}\n`);
}

function blockLoop(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Obeys the commands on standard input; the process ends when whoever started it is gone. */
export function obeyCommands(): { step(step: Step, jobId: string): void; awaits(step: Step): boolean } {
  const armed: Extract<z.output<typeof commandSchema>, { do: 'arm' }>[] = [];
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const command = commandSchema.parse(JSON.parse(line));
    if (command.do === 'arm') armed.push(command);
    else if (command.do === 'disarm') armed.length = 0;
    else blockLoop(command.ms);
  });
  lines.once('close', () => process.kill(process.pid, 'SIGKILL'));
  return {
    awaits: (step) => armed.some((one) => one.step === step),
    step: (step, jobId) => {
      report({ event: 'step', step, jobId });
      for (const one of armed.filter((each) => each.step === step)) {
        one.nth -= 1;
        if (one.nth > 0) continue;
        armed.splice(armed.indexOf(one), 1);
        report({ event: 'acting', step, jobId, act: one.act, ms: one.ms });
        if (one.act === 'block') blockLoop(one.ms);
        else process.kill(process.pid, one.act === 'kill' ? 'SIGKILL' : 'SIGSTOP');
      }
    },
  };
}

/** Every reading of the clock is `skewMs` off from now on. Timers and `performance` are not. */
export function shiftClock(skewMs: number): void {
  if (skewMs === 0) return;
  const TrueDate = Date;
  const shifted = new Proxy(TrueDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [TrueDate.now() + skewMs] : args, newTarget),
    get: (target, name, receiver) =>
      name === 'now' ? () => TrueDate.now() + skewMs : Reflect.get(target, name, receiver),
  });
  globalThis.Date = shifted;
}
