import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { createClientAddresses } from './client-address.ts';

const request = (remoteAddress: string | undefined, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;
const forwarded = (peer: string, entries: string) => request(peer, { 'x-forwarded-for': entries });

it.each([
  ['the peer itself, where no proxy is trusted', [], '10.0.0.1', '203.0.113.9', '10.0.0.1'],
  ['the peer itself, where it is no trusted proxy', ['10.0.0.1'], '192.0.2.1', '203.0.113.9', '192.0.2.1'],
  ['whom the trusted proxy names', ['10.0.0.1'], '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['never what the client wrote itself', ['10.0.0.1'], '10.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['behind a chain of trusted ones', ['10.0.0.0/8'], '10.0.0.1', '1.1.1.1, 203.0.113.9, 10.9.9.9', '203.0.113.9'],
  ['the farthest where all are trusted', ['10.0.0.0/8'], '10.0.0.1', '10.1.1.1,10.2.2.2', '10.1.1.1'],
  [
    'the nearest known where a hop is no address',
    ['10.0.0.0/8'],
    '10.0.0.1',
    '203.0.113.9, unknown, 10.2.2.2',
    '10.2.2.2',
  ],
  ['the proxy where it names nobody', ['10.0.0.1'], '10.0.0.1', '', '10.0.0.1'],
  ['without its port', ['10.0.0.1'], '10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
  ['as one customer of IPv6, without its port', ['::1'], '::1', '[2001:db8:1:2:3::4]:4711', '2001:db8:1:2'],
  ['in IPv6 written short', ['fd00::/8'], 'fd00::7', '2001:db8::1', '2001:db8:0:0'],
  ['through a socket that maps IPv4', ['10.0.0.0/8'], '::ffff:10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
])('B321 the client is %s', (_who, trusted, peer, entries, client) => {
  expect(createClientAddresses(trusted).of(forwarded(peer, entries))).toBe(client);
});

it('B321 a page that reads for its visitor is counted as the visitor, and nobody else can say so', () => {
  const addresses = createClientAddresses();
  const visit = request('203.0.113.9');
  const own = addresses.vouchFor(visit);
  expect(addresses.of(request('127.0.0.1', { 'x-podium-visitor': own }))).toBe('203.0.113.9');
  const forged = createClientAddresses().vouchFor(visit);
  expect(addresses.of(request('198.51.100.7', { 'x-podium-visitor': forged }))).toBe('198.51.100.7');
  expect(addresses.of(request(undefined))).toBe('unknown');
});
