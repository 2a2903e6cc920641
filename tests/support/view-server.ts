import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one request is answered; by default as a good pod does. */
export interface ViewAnswer {
  /** Body bytes after which the connection is cut. */
  cutAfter?: number;
  /** Body bytes after which nothing more comes. */
  stallAfter?: number;
  /** Sends the whole file with 200 whatever range is asked for. */
  ignoreRange?: boolean;
  /** Leaves out the length. */
  chunked?: boolean;
  /** Answers this status and nothing else. */
  status?: number;
  /** First byte to send, whatever was asked for. */
  from?: number;
}

/** A pod's `/view` that gives one file, each request as the next answer of the list says. */
export class ViewServer {
  readonly ranges: (string | undefined)[] = [];
  answers: ViewAnswer[] = [];
  content: Buffer;
  url = '';
  private readonly server = createServer((request, response) => {
    this.ranges.push(request.headers.range);
    this.answer(this.answers.shift() ?? {}, request.headers.range, response);
  });

  constructor(content: Uint8Array | string) {
    this.content = Buffer.from(content);
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private answer(how: ViewAnswer, range: string | undefined, response: ServerResponse): void {
    if (how.status !== undefined) return void response.writeHead(how.status).end();
    const asked = how.ignoreRange ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const size = this.content.byteLength;
    if (asked > 0 && asked >= size) return void response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    const from = how.from ?? asked;
    const body = this.content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      ...(from > 0 && { 'content-range': `bytes ${from}-${size - 1}/${size}` }),
      ...(!how.chunked && { 'content-length': body.byteLength }),
    });
    const stop = how.cutAfter ?? how.stallAfter;
    if (stop === undefined) response.end(body);
    else response.write(body.subarray(0, stop), () => how.cutAfter !== undefined && response.destroy());
  }
}
