import type { IncomingHttpHeaders } from 'node:http';

/** Whether ComfyUI answers 403: on loopback, where a browser's `Origin` is not the `Host` asked for. */
export function isForeignOrigin(headers: IncomingHttpHeaders): boolean {
  const { host, origin } = headers;
  if (host === undefined || origin === undefined) return false;
  if (!URL.canParse(`http://${host}`) || !isLoopback(new URL(`http://${host}`).hostname)) return false;
  const port = /:\d+$/;
  if (!/^[a-z]+:\/\//i.test(origin)) return false;
  const plainHost = host.toLowerCase();
  const plainOrigin = origin.replace(/^[a-z]+:\/\//i, '').toLowerCase();
  // A side without a port is compared by name alone, as some browsers leave it out.
  if (!port.test(plainHost) || !port.test(plainOrigin))
    return plainHost.replace(port, '') !== plainOrigin.replace(port, '');
  return plainHost !== plainOrigin;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
