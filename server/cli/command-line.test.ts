import { describe, expect, it } from 'vitest';
import { readCommand } from './command-line.ts';
import { runCommand } from './run-command.ts';

async function run(...args: string[]) {
  const said = { out: '', err: '' };
  const code = await runCommand(
    args,
    { stdout: { write: (text) => (said.out += text) }, stderr: { write: (text) => (said.err += text) } },
    AbortSignal.abort(),
    () => {
      throw new Error('no settings are needed');
    },
  );
  return { code, ...said };
}

describe('the command line', () => {
  it('B254 takes both directions of a copy, in either way to write an option', () => {
    expect(readCommand(['store:copy', '--from', 'sqlite', '--to', 'redis'])).toEqual({
      name: 'store:copy',
      from: 'sqlite',
      to: 'redis',
    });
    expect(readCommand(['--to=sqlite', 'store:copy', '--from=redis'])).toMatchObject({ from: 'redis', to: 'sqlite' });
    expect(readCommand(['store:check'])).toEqual({ name: 'store:check' });
  });

  it.each([[], ['help'], ['--help'], ['store:copy', '-h']])('B254 explains itself to %j', async (...args) => {
    const { code, out, err } = await run(...args.flat());
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const word of ['store:check', 'store:copy', 'DATA_DIR', 'REDIS_URL']) expect(out).toContain(word);
  });

  it.each([
    ['store:copy', 'store:copy needs both sides'],
    ['store:copy --from sqlite', 'store:copy needs both sides'],
    ['store:copy --from sqlite --to sqlite', 'store:copy needs both sides'],
    ['store:copy --from postgres --to redis', 'store:copy needs both sides'],
    ['store:copy now --from sqlite --to redis', '"now" is one word too many'],
    ['store:check --to redis', 'takes no --from or --to'],
    ['store:move', 'There is no command "store:move"'],
    ['convert', 'convert takes one file'],
    ['convert a.png b.png', 'convert takes one file'],
    ['convert a.png --from sqlite', 'convert takes no --from or --to'],
    ['convert a.png --pod http://p --object-info o.json', 'not both'],
    ['store:check --pod http://p', 'Only convert takes --pod'],
    ['store:check --loud', "'--loud'"],
    ['store:copy --from', "'--from <value>' argument missing"],
  ])('B254 refuses "%s" in one sentence, with code 2 and without reading a setting', async (line, reason) => {
    const { code, out, err } = await run(...line.split(' '));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(reason);
    expect(err).toMatch(/^[^\n]+\. See podium help\.\n$/);
  });
});
