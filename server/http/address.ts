import type { IncomingMessage } from 'node:http';

/** Whose requests are counted together: one IPv4 address, or one IPv6 /64, which is what one customer is given. */
export function addressOf(req: IncomingMessage): string {
  const address = (req.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
  return address.includes(':') ? address.split(':').slice(0, 4).join(':') : address;
}
