import { z } from 'zod';
import { StoreUnavailableError } from '../jobs/job-store.ts';

/** Redis cannot be used. `executed` says whether what was sent may have been done all the same. */
export class RedisUnavailableError extends StoreUnavailableError {
  /** A connection was waited for in vain. */
  readonly waited: boolean;
  constructor(
    message: string,
    readonly executed: 'no' | 'unknown',
    options?: ErrorOptions & { waited?: boolean },
  ) {
    super(message, options);
    this.waited = options?.waited ?? false;
  }
}

/** What Redis' error replies mean for a person, by their first word. A reply says that nothing was done. */
const REPLIES: Record<string, string> = {
  OOM: 'its memory is full: raise maxmemory or delete old jobs',
  READONLY: 'it is a read-only replica: point REDIS_URL at the primary',
  LOADING: 'it is still loading its data from disk: wait a moment',
  MASTERDOWN: 'it is a replica whose primary is away: bring the primary back or point REDIS_URL at it',
  CLUSTERDOWN: 'its cluster is down: bring the missing nodes back',
  TRYAGAIN: 'its cluster is moving data: wait a moment',
  MOVED: 'it is a node of a cluster that does not hold this desk: point REDIS_URL at the node named by CLUSTER SLOTS',
  ASK: 'its cluster is moving data: wait a moment',
  MISCONF: 'it cannot save to disk and therefore refuses to write: look at its log and free its disk',
  NOAUTH: 'it wants a password: put it into REDIS_URL or REDIS_PASSWORD',
  WRONGPASS: 'it refuses the user or password: correct REDIS_URL or REDIS_PASSWORD',
  NOPERM: 'its user may not do what Podium needs: allow it all commands on keys of the desk',
  NOREPLICAS: 'too few of its replicas answer: bring them back or lower min-replicas-to-write',
  BUSY: 'it is busy with a script: wait a moment',
  UNKILLABLE: 'it is busy with a script: wait a moment',
  MASTERAUTH: 'it is a replica that cannot sign in at its primary',
  DENIED: 'it allows only programs of its own machine: set a password there, or protected-mode no',
};
/** Replies that begin with `ERR` and are about the server all the same. */
const ERR_REPLIES: readonly [RegExp, string][] = [
  [/max number of clients/i, 'it has too many clients: raise maxclients'],
  [/invalid password|AUTH/i, 'it refuses the user or password: correct REDIS_URL or REDIS_PASSWORD'],
  [/DB index is out of range|SELECT is not allowed/i, 'it has no database of that number: correct REDIS_URL'],
  [/unknown command/i, 'it does not know a command that Podium needs: use Redis 6.2 or newer'],
];
/** What Node says about a connection, by its code. */
const CODES: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there: start it or correct REDIS_URL',
  ENOTFOUND: 'no machine has that name: correct REDIS_URL',
  EAI_AGAIN: 'its name cannot be looked up just now',
  ETIMEDOUT: 'it does not answer: check network and firewall',
  EHOSTUNREACH: 'the network does not lead there',
  ENETUNREACH: 'the network does not lead there',
  ECONNRESET: 'it cut the connection',
  EPIPE: 'it cut the connection',
};

/** The word by which Redis' error reply says what kind it is; empty for any other error. */
export function replyCode(error: unknown): string {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return '';
  // Before version 7, what a script met stands behind its own error: `ERR Error running script (…): @user_script:1: -OOM …`.
  const inScript = /^ERR Error running script.*? -([A-Z]+) /.exec(error.message)?.[1];
  return inScript ?? /^[A-Z]+/.exec(error.message)?.[0] ?? '';
}

/**
 * The error as callers of the store know it; as it was where Redis is not to blame.
 * @param sent false where it certainly never left this process
 */
export function explainRedis(error: unknown, address: string, sent: boolean): unknown {
  if (error instanceof StoreUnavailableError) return error;
  const code = replyCode(error);
  if (code !== '') {
    const reason =
      REPLIES[code] ?? ERR_REPLIES.find(([pattern]) => code === 'ERR' && pattern.test(messageOf(error)))?.[1];
    return reason === undefined
      ? error
      : new RedisUnavailableError(`Redis at ${address} cannot be used: ${reason}.`, 'no', { cause: error });
  }
  return new RedisUnavailableError(
    `Redis at ${address} cannot be reached: ${connectionReason(error)}.`,
    sent ? 'unknown' : 'no',
    { cause: error },
  );
}

function connectionReason(error: unknown): string {
  if (error instanceof z.ZodError) return 'it answers in an unexpected way: see that it is a Redis';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = CODES[code];
  if (known !== undefined) return known;
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return `its certificate was not accepted (${code})`;
  const message = messageOf(error);
  if (/timed out|ETIMEDOUT/i.test(message)) return 'it did not answer in time';
  return 'the connection was cut';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
