import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { UploadStatus } from '../../lib/protocol/uploads.ts';
import type { PutResult, Stretch } from './put-bytes.ts';
import { sendFile, type FileProgress } from './send-file.ts';

const MB = 1024 * 1024;

/** A server that keeps what it is sent; `answers` come before its own, in turn. */
class FakeServer {
  received = 0;
  readonly stretches: string[] = [];
  readonly pauses: number[] = [];
  readonly heard: FileProgress[] = [];
  answers: (PutResult | 'away' | 'cut')[] = [];
  asked = 0;

  async send(file: File, signal = new AbortController().signal) {
    const deps = {
      status: async (hash: string) => {
        this.asked += 1;
        if (this.answers[0] === 'away') {
          this.answers.shift();
          throw new Error('Podium cannot be reached.');
        }
        return this.statusOf(hash, file);
      },
      put: (stretch: Stretch, onSent: (bytes: number) => void) => this.put(file, stretch, onSent),
      pause: async (ms: number) => void this.pauses.push(ms),
    };
    return sendFile(file, deps, (progress) => this.heard.push(progress), signal);
  }

  private statusOf(hash: string, file: File): UploadStatus {
    const { received } = this;
    if (received < file.size) return { hash, received };
    const about = { hash, ref: `podium-${hash}.bin`, name: file.name, bytes: file.size };
    return { hash, received, upload: { ...about, contentType: 'application/octet-stream', kind: 'other' } };
  }

  private async put(file: File, stretch: Stretch, onSent: (bytes: number) => void): Promise<PutResult> {
    this.stretches.push(`${stretch.start}+${stretch.bytes.size}`);
    onSent(stretch.bytes.size);
    const answer = this.answers.shift();
    if (answer === 'cut') {
      this.received += MB;
      return { kind: 'again', message: 'The connection broke off.' };
    }
    if (answer && answer !== 'away') return answer;
    if (stretch.start !== this.received) throw new Error(`It begins at ${stretch.start}, not at ${this.received}`);
    this.received = stretch.start + stretch.bytes.size;
    return { kind: 'taken', status: this.statusOf(stretch.hash, file) };
  }
}

const fileOf = (bytes: number) => new File([randomBytes(bytes)], 'film.mp4');

describe('sending a file', () => {
  it('B404 hashes it in pieces, sends what is missing in stretches and tells how far it is', async () => {
    const file = fileOf(20 * MB);
    const server = new FakeServer();
    const upload = await server.send(file);
    const hash = createHash('sha256').update(Buffer.from(await file.arrayBuffer()));
    expect(upload.hash).toBe(hash.digest('hex'));
    expect(server.stretches).toEqual([`0+${8 * MB}`, `${8 * MB}+${8 * MB}`, `${16 * MB}+${4 * MB}`]);
    const phases = server.heard.map(({ phase }) => phase);
    expect(phases).toEqual([...Array<string>(20).fill('reading'), ...Array<string>(6).fill('sending')]);
    const sending = server.heard.filter(({ phase }) => phase === 'sending').map(({ done }) => done);
    expect(sending).toEqual(sending.toSorted((a, b) => a - b));
  });

  it('B404 sends nothing of a file that is there', async () => {
    const file = fileOf(10);
    const server = new FakeServer();
    server.received = 10;
    expect((await server.send(file)).bytes).toBe(10);
    expect(server.stretches).toEqual([]);
  });

  it('B404 goes on after breaks from where the server is, longer apart each time, and anew after any progress', async () => {
    const server = new FakeServer();
    server.answers = ['away', 'away', 'cut', 'cut'];
    await server.send(fileOf(3 * MB));
    expect(server.stretches).toEqual([`0+${3 * MB}`, `${MB}+${2 * MB}`, `${2 * MB}+${MB}`]);
    expect(server.pauses).toEqual([500, 1000, 2000, 500]);
  });

  it('B404 gives up after two minutes without progress and says how to go on', async () => {
    const server = new FakeServer();
    server.answers = Array<'away'>(20).fill('away');
    await expect(server.send(fileOf(10))).rejects.toThrow('cannot be reached. What arrived is kept for a day');
    expect(server.pauses.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(60_000);
  });

  it('B404 says at once what the server refuses, and that a file is empty', async () => {
    const server = new FakeServer();
    server.answers = [{ kind: 'refused', message: 'The file is larger than 2 GB.' }];
    await expect(server.send(fileOf(10))).rejects.toThrow('larger than 2 GB');
    expect(server.asked).toBe(1);
    await expect(server.send(fileOf(0))).rejects.toThrow('empty');
  });

  it('B404 stops where a person stops it', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    const server = new FakeServer();
    await expect(server.send(fileOf(10), stop.signal)).rejects.toThrow('stopped');
    expect(server.asked).toBe(0);
  });
});
