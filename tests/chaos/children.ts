import type { ChildProcess } from 'node:child_process';

const living = new Set<ChildProcess>();

/** Sees to it that a child, stopped or not, does not outlive this process. */
export function keepInHand(child: ChildProcess): void {
  living.add(child);
  child.once('exit', () => living.delete(child));
}

process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});
