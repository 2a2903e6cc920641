import { beforeEach, describe, expect, it } from 'vitest';
import { Rooms, type Emission, type RelayIo } from './watches.ts';

const KB = 1024;

describe('what a client that is behind is sent', () => {
  let backlogBytes: number;
  let waiting: number;
  let got: string[];
  let rooms: Rooms;
  beforeEach(() => {
    [backlogBytes, waiting, got] = [0, 0, []];
    const conn = {
      get writeBuffer() {
        return Array.from({ length: waiting }, () => ({ data: '' }));
      },
      transport: {
        socket: {
          get bufferedAmount() {
            return backlogBytes;
          },
        },
      },
    };
    const io = {
      sockets: { adapter: { rooms: new Map([['room', new Set(['slow'])]]) }, sockets: new Map([['slow', { conn }]]) },
      to: () => ({
        except: (ids: string[]) => ({ emit: (name: string) => void (ids.includes('slow') || got.push(name)) }),
      }),
    };
    rooms = new Rooms(io as unknown as RelayIo);
  });

  const sendAll = () => {
    got = [];
    for (const name of ['job:preview', 'job:progress', 'job:changed'] as const) {
      const emission = { name, event: {} } as unknown as Emission;
      if (name === 'job:changed') rooms.send(['room'], emission);
      else rooms.sendDroppable(['room'], emission);
    }
    return got;
  };

  it.each([
    { bytes: 0, packets: 0, sent: ['job:preview', 'job:progress', 'job:changed'] },
    { bytes: 16 * KB, packets: 64, sent: ['job:preview', 'job:progress', 'job:changed'] },
    { bytes: 16 * KB + 1, packets: 0, sent: ['job:progress', 'job:changed'] },
    { bytes: 0, packets: 65, sent: ['job:progress', 'job:changed'] },
    { bytes: 64 * KB, packets: 256, sent: ['job:progress', 'job:changed'] },
    { bytes: 64 * KB + 1, packets: 0, sent: ['job:changed'] },
    { bytes: 0, packets: 257, sent: ['job:changed'] },
  ])('B306 with $bytes bytes and $packets packets waiting: $sent', ({ bytes, packets, sent }) => {
    [backlogBytes, waiting] = [bytes, packets];
    expect(sendAll()).toEqual(sent);
  });
});
