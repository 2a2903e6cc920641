import { WIRE_VERSION } from '../../lib/protocol/version.ts';

/**
 * How a page connects. A WebSocket first: it needs no sticky sessions where several instances stand behind a proxy. The
 * pauses are short, because another instance may answer where one does not.
 */
export const SOCKET_OPTIONS = {
  transports: ['websocket', 'polling'],
  tryAllTransports: true,
  auth: { wire: WIRE_VERSION },
  reconnectionDelay: 300,
  reconnectionDelayMax: 3000,
  timeout: 3000,
};
