import { spawn, type ChildProcess } from 'node:child_process';
import { plainEnvironment } from '../../scripts/settings.mjs';
import { runCommand } from '../../server/cli/run-command.ts';
import { readStoreConfig } from '../../server/config.ts';
import { ROOT } from './build-server.ts';

/** `podium` on the command line, in a process of its own, with these settings and no others. */
export class PodiumCommand {
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
  private readonly child: ChildProcess;
  private out = '';
  private err = '';

  constructor(args: string[], settings: Record<string, string>) {
    this.child = spawn(process.execPath, ['--import', 'tsx', 'server/cli/podium.ts', ...args], {
      cwd: ROOT,
      env: { ...plainEnvironment(), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code) => resolve({ code, out: this.out, err: this.err })),
    );
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** The same command without a process of its own, which takes seconds to start. */
export async function runPodium(args: string[], settings: Record<string, string>) {
  const said = { out: '', err: '' };
  const terminal = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
  };
  const code = await runCommand(args, terminal, new AbortController().signal, () => readStoreConfig(settings));
  return { code, ...said };
}
