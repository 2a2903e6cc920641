import type { JobErrorCode } from '../../lib/jobs/failure-rules.ts';

type TransportCode = Extract<JobErrorCode, 'pod_unreachable' | 'pod_address_unknown' | 'pod_tls_failed'>;

interface Meaning {
  code: TransportCode;
  /** What follows `The pod at …`. */
  sentence: string;
}

const SENTENCES: Record<string, string> = {
  ECONNREFUSED: 'refuses connections',
  EAI_AGAIN: 'has a host name that cannot be looked up now',
  ECONNRESET: 'cut the connection',
  EPIPE: 'cut the connection',
  UND_ERR_SOCKET: 'cut the connection',
  HPE_INVALID_CONSTANT: 'does not answer in HTTP',
  UND_ERR_CONNECT_TIMEOUT: 'does not take connections in time',
  ETIMEDOUT: 'does not take connections in time',
  UND_ERR_HEADERS_TIMEOUT: 'did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'stopped in the middle of its answer',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'cut its answer short',
  EHOSTUNREACH: 'cannot be reached over the network',
  ENETUNREACH: 'cannot be reached over the network',
  EHOSTDOWN: 'cannot be reached over the network',
  TimeoutError: 'did not answer in time',
  23: 'did not answer in time',
};

const ADDRESS_SENTENCES: Record<string, string> = {
  ENOTFOUND: 'has a host name that does not exist',
  ENODATA: 'has a host name without an address',
  EADDRNOTAVAIL: 'has an address that cannot be used from here',
};

const NOT_TRUSTED = 'has a TLS certificate that is not trusted';
const TLS_SENTENCES: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_TRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  CERT_UNTRUSTED: NOT_TRUSTED,
  CERT_REJECTED: NOT_TRUSTED,
  CERT_REVOKED: 'has a TLS certificate that was revoked',
  CERT_HAS_EXPIRED: 'has a TLS certificate that has expired',
  CERT_NOT_YET_VALID: 'has a TLS certificate that is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a TLS certificate for another host',
  HOSTNAME_MISMATCH: 'has a TLS certificate for another host',
};

/** What a failed connection means, and one sentence about it for people; it holds no address but the shown one and no secret. */
export function transportFailure(error: unknown, shown: string): { code: TransportCode; message: string } {
  const { code, sentence } = meaningOf(error);
  return { code, message: `The pod at ${shown} ${sentence}.` };
}

function meaningOf(error: unknown): Meaning {
  const codes = [error, error instanceof Error ? error.cause : undefined]
    .filter((one): one is Error & { code?: unknown } => one instanceof Error)
    .map((one) => String(one.code ?? one.name));
  for (const code of codes) {
    const address = ADDRESS_SENTENCES[code];
    if (address !== undefined) return { code: 'pod_address_unknown', sentence: address };
    const tls = TLS_SENTENCES[code] ?? (/SSL|TLS/.test(code) ? 'has no working TLS' : undefined);
    if (tls !== undefined) return { code: 'pod_tls_failed', sentence: tls };
    const known = SENTENCES[code];
    if (known !== undefined) return { code: 'pod_unreachable', sentence: known };
  }
  return { code: 'pod_unreachable', sentence: `could not be asked (${codes[0] ?? 'unknown error'})` };
}
