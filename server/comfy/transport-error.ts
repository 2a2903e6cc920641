const SENTENCES: Record<string, string> = {
  ECONNREFUSED: 'refuses connections',
  ENOTFOUND: 'has a host name that does not exist',
  EAI_AGAIN: 'has a host name that cannot be looked up now',
  ECONNRESET: 'cut the connection',
  EPIPE: 'cut the connection',
  UND_ERR_SOCKET: 'cut the connection',
  UND_ERR_CONNECT_TIMEOUT: 'does not take connections in time',
  UND_ERR_HEADERS_TIMEOUT: 'did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'stopped in the middle of its answer',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'cut its answer short',
  EHOSTUNREACH: 'cannot be reached over the network',
  ENETUNREACH: 'cannot be reached over the network',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a TLS certificate that is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a TLS certificate that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a TLS certificate that is not trusted',
  CERT_HAS_EXPIRED: 'has a TLS certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a TLS certificate for another host',
};

/** One sentence about a failed connection, for people; it holds no address but the shown one and no secret. */
export function describeFailure(error: unknown, shown: string): string {
  const codes = [error, error instanceof Error ? error.cause : undefined]
    .filter((one): one is Error & { code?: unknown } => one instanceof Error)
    .map((one) => String(one.code ?? one.name));
  const known = codes.map((code) => SENTENCES[code]).find((sentence) => sentence !== undefined);
  if (known !== undefined) return `The pod at ${shown} ${known}.`;
  if (codes.some((code) => code === 'TimeoutError' || code === '23'))
    return `The pod at ${shown} did not answer in time.`;
  if (codes.some((code) => code.includes('SSL') || code.includes('TLS')))
    return `The pod at ${shown} has no working TLS.`;
  return `The pod at ${shown} could not be asked (${codes[0] ?? 'unknown error'}).`;
}
