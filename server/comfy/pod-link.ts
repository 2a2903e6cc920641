import type { LinkState } from '../jobs/pod-client.ts';
import { waitMs } from '../jobs/wait.ts';

/** How news of a pod arrives, from what socket and calls last met. */
export class PodLink {
  private readonly listeners = new Set<(link: LinkState) => void>();
  private readonly tries = new Set<AbortController>();
  private socket: 'opening' | 'open' | 'down' = 'opening';
  private rest: 'unknown' | 'up' | 'down' = 'unknown';
  private told: LinkState = 'connecting';

  /** `withSocket`: whether there is a socket to wait for. */
  constructor(withSocket: boolean) {
    if (!withSocket) this.socket = 'down';
  }

  state(): LinkState {
    if (this.socket === 'open') return 'socket';
    if (this.socket === 'opening') return this.rest === 'down' ? 'down' : 'connecting';
    if (this.rest === 'unknown') return 'connecting';
    return this.rest === 'up' ? 'polling' : 'down';
  }

  socketIs(socket: 'opening' | 'open' | 'down'): void {
    this.socket = socket;
    if (socket !== 'opening') for (const tried of this.tries) tried.abort();
    this.tell(socket === 'open');
  }

  isRestDown(): boolean {
    return this.rest === 'down';
  }

  restIs(rest: 'up' | 'down'): void {
    this.rest = rest;
    this.tell(false);
  }

  /** @returns a function that ends it */
  onChange(listener: (link: LinkState) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Resolves once the socket has opened or failed to, at the latest after `ms`. */
  async whenTried(ms: number): Promise<void> {
    if (this.socket !== 'opening') return;
    const tried = new AbortController();
    this.tries.add(tried);
    await waitMs(ms, tried.signal);
    this.tries.delete(tried);
  }

  /** A regained socket is told even where the loss was too short to be. */
  private tell(always: boolean): void {
    const now = this.state();
    if (now === this.told && !always) return;
    this.told = now;
    for (const listener of this.listeners) listener(now);
  }
}
