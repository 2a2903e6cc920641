import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { VISITOR_HEADER } from '../../lib/protocol/visitor-header.ts';

/** Tells whose requests are counted together. */
export interface ClientAddresses {
  /** One IPv4 address, or one IPv6 /64, which is what one customer is given. */
  of(req: IncomingMessage): string;
  /** What a page that reads the API for its visitor sends along, so that the visitor is counted and not the page. */
  vouchFor(req: IncomingMessage): string;
}

/**
 * `trustedProxies`: addresses and ranges (`10.0.0.0/8`) of proxies whose `X-Forwarded-For` is believed. The client is the
 * right-most entry that is no trusted proxy; what stands left of it anybody may have written.
 */
export function createClientAddresses(trustedProxies: readonly string[] = []): ClientAddresses {
  const trusted = blockListOf(trustedProxies);
  const secret = `${randomBytes(18).toString('base64url')} `;

  function of(req: IncomingMessage): string {
    const vouched = req.headers[VISITOR_HEADER];
    if (typeof vouched === 'string' && vouched.startsWith(secret)) return vouched.slice(secret.length);
    const peer = plain(req.socket.remoteAddress ?? '');
    const proxied = trustedProxies.length > 0 && isTrusted(trusted, peer);
    return groupOf(proxied ? forwardedBy(trusted, peer, req.headers['x-forwarded-for']) : peer);
  }
  return { of, vouchFor: (req) => `${secret}${of(req)}` };
}

function forwardedBy(trusted: BlockList, peer: string, header: string | string[] | undefined): string {
  const hops = [header ?? []].flat().join(',').split(',').map(withoutPort).toReversed();
  let nearest = peer;
  for (const hop of hops) {
    // What is no address tells nothing, and nothing left of it is known to be true.
    if (isIP(hop) === 0) return nearest;
    nearest = hop;
    if (!isTrusted(trusted, hop)) return hop;
  }
  return nearest;
}

function isTrusted(trusted: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Some proxies add the port: `192.0.2.7:4711`, `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  const text = hop.trim();
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  return plain(bracketed ?? /^(\d{1,3}(?:\.\d{1,3}){3}):\d+$/.exec(text)?.[1] ?? text);
}

function plain(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}

function groupOf(address: string): string {
  if (isIP(address) !== 6) return address === '' ? 'unknown' : address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const whole =
    tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return whole.slice(0, 4).join(':');
}
