import type { Redis } from 'ioredis';
import { waitMs } from '../jobs/wait.ts';
import { keepConnected, within } from './kept-connection.ts';

const TICK_MS = 1000;
const ANSWER_MS = 1000;

export interface LinkChannelsDeps {
  open: () => Redis;
  /** Listened to all the time. */
  channels: readonly string[];
  onMessage: (channel: string, message: Buffer) => void;
  /** The channels are listened to from now on, for the first time or again: what was told before was not heard. */
  onListening: () => Promise<void>;
  /** Once a second while they are. */
  onTick: () => void;
}

/** Listens to channels, over as many connections as it takes. */
export class LinkChannels {
  private client: Redis | undefined;
  private readonly more = new Set<string>();
  private begun: () => void = () => undefined;
  /** Resolves when all channels are listened to. */
  readonly listening = new Promise<void>((resolve) => (this.begun = resolve));

  constructor(private readonly deps: LinkChannelsDeps) {}

  run(signal: AbortSignal): Promise<void> {
    return keepConnected(this.deps.open, (...session) => this.session(...session), signal);
  }

  isListening(channel: string): boolean {
    return this.more.has(channel);
  }

  /** Listens to one more channel from now on, or no more. */
  listen(channel: string, wanted: boolean): void {
    if (wanted === this.more.has(channel)) return;
    if (wanted) this.more.add(channel);
    else this.more.delete(channel);
    const { client } = this;
    const asked = wanted ? client?.subscribe(channel) : client?.unsubscribe(channel);
    // A connection of which it is not known what it listens to is given up.
    asked?.catch(() => client?.disconnect());
  }

  private async session(client: Redis, closed: AbortSignal, steady: () => void): Promise<void> {
    client.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      if (!closed.aborted) this.deps.onMessage(channel.toString(), message);
    });
    this.client = client;
    await within(ANSWER_MS, client.subscribe(...this.deps.channels, ...this.more));
    await this.deps.onListening();
    this.begun();
    while (!closed.aborted) {
      steady();
      this.deps.onTick();
      await waitMs(TICK_MS, closed);
      if (!closed.aborted) await within(ANSWER_MS, client.ping());
    }
  }
}
