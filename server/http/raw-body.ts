import { Readable } from 'node:stream';

/** Bytes that are read of a body after its request was answered for: about what a client sends in one go. */
const MAX_LEFT_BYTES = 16 * 1024 * 1024;

/**
 * A request's body as a stream. Whoever stops reading it does not end the connection, and what is left can be read away,
 * because a client that is still sending may never see an answer.
 */
export class RawBody {
  readonly stream: Readable;
  private readonly reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(request: Request) {
    this.reader = request.body?.getReader();
    this.stream = Readable.from(this.pieces(), { objectMode: false });
  }

  /** Reads what is left, up to a bound, and forgets it. */
  async readAway(): Promise<void> {
    this.stream.destroy();
    try {
      for (let left = MAX_LEFT_BYTES; left > 0;) {
        const next = await this.reader?.read();
        if (!next || next.done) return;
        left -= next.value.byteLength;
      }
    } catch {
      // The client is gone: nobody waits for the answer.
    }
  }

  private async *pieces(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = await this.reader?.read();
      if (!next || next.done) return;
      yield next.value;
    }
  }
}
