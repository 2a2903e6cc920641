import { describe, expect, it } from 'vitest';
import type { JobErrorCode } from '../../../lib/jobs/failure-rules.ts';
import type { Prompt } from '../../../lib/workflow/prompt.ts';
import { classifyFailure } from '../classify.ts';

const prompt: Prompt = { '1': { class_type: 'SaveImage', inputs: {} } };
const AT = 'The pod at pod.example:8188';
const CLOUDFLARE = { server: 'cloudflare', 'cf-ray': 'a' };
const html = (title: string, header: Record<string, string> = {}) => ({
  headers: { 'content-type': 'text/html; charset=UTF-8', ...header },
  body: `<!DOCTYPE html><html><head><title>${title}</title></head></html>`,
});
const json = (body: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const text = (body: string) => ({ headers: { 'content-type': 'text/plain; charset=utf-8' }, body });

type Told = { headers: Record<string, string>; body: string };
const ANSWERS: [string, number, Told, JobErrorCode, string][] = [
  ['a tunnel’s time-out', 524, html('524: A timeout occurred', CLOUDFLARE), 'pod_unreachable', 'is not ready (524)'],
  ['a tunnel without its end', 530, html('Error 1033', CLOUDFLARE), 'pod_unreachable', 'is not ready (530)'],
  ['a proxy whose pod boots', 502, html('502 Bad Gateway'), 'pod_unreachable', 'is not ready (502)'],
  ['a proxy whose pod is gone', 404, html('RunPod'), 'pod_unreachable', 'is not ready (404)'],
  ['a provider’s pause', 503, text('no healthy upstream'), 'pod_unreachable', 'is not ready (503)'],
  ['a gateway’s time-out', 504, html('504 Gateway Time-out'), 'pod_unreachable', 'is not ready (504)'],
  ['a challenge page', 403, html('Just a moment...', CLOUDFLARE), 'pod_unreachable', 'is not ready (403)'],
  ['a web page with 200', 200, html('Starting your pod'), 'pod_unreachable', 'answers with a web page'],
  ['ComfyUI’s own 500', 500, text('500 Internal Server Error'), 'pod_unreachable', 'is not ready (500)'],
  ['a request that came too slowly', 408, text('timeout'), 'pod_unreachable', 'is not ready (408)'],
  ['a login in front', 401, text('Unauthorized'), 'pod_unauthorized', 'refuses the credentials (401)'],
  ['a login’s page', 401, html('Authorization Required'), 'pod_unauthorized', 'refuses the credentials (401)'],
  ['a proxy’s own refusal', 403, json({ message: 'Forbidden' }), 'pod_unauthorized', 'refuses the credentials (403)'],
  ['a foreign origin', 403, { headers: {}, body: '' }, 'pod_unauthorized', 'refuses the credentials (403)'],
  ['a quota', 429, json({ error: 'rate limited' }), 'pod_busy', 'asks for a pause (429)'],
  ['nginx with a small limit', 413, html('413 Request Entity Too Large'), 'prompt_too_large', 'of this size (413)'],
  [
    'ComfyUI with a small limit',
    413,
    text('Maximum request body size 104857600 exceeded, actual body size 104923136'),
    'prompt_too_large',
    'of this size (413; its limit is 100 MiB)',
  ],
  ['a full disk', 507, text('Insufficient Storage'), 'pod_disk_full', 'no room left on its disk (507)'],
  [
    'a redirect to a login',
    302,
    { headers: { location: 'https://a.example' }, body: '' },
    'pod_answer_invalid',
    'redirect',
  ],
  ['JSON of another program', 200, json({ hello: 'world' }), 'pod_answer_invalid', 'not answer as ComfyUI does (200)'],
  ['a call nobody knows', 404, json({ detail: 'Not Found' }), 'pod_answer_invalid', 'not answer as ComfyUI does (404)'],
  ['a call not allowed', 405, text('405: Method Not Allowed'), 'pod_answer_invalid', 'as ComfyUI does (405)'],
  ['a 400 of nobody known', 400, text('Bad Request'), 'pod_answer_invalid', 'as ComfyUI does (400)'],
  [
    'ComfyUI’s refusal',
    400,
    json({ error: { type: 'prompt_no_outputs', message: 'Prompt has no outputs', details: '', extra_info: {} } }),
    'prompt_rejected',
    'no node that saves or shows a result',
  ],
  [
    'an id that is no UUID',
    400,
    json({ error: { type: 'invalid_prompt_id', message: 'prompt_id must be a UUID', details: '' }, node_errors: {} }),
    'prompt_rejected',
    'prompt_id must be a UUID',
  ],
  ['an old refusal in words', 400, json({ error: 'no prompt', node_errors: [] }), 'prompt_rejected', 'no prompt'],
];

describe('answers that are not the ones asked for', () => {
  it.each(ANSWERS)('B271 %s: %i', (_what, status, { headers, body }, code, words) => {
    const answer = { status, headers, body: Buffer.from(body) };
    const error = classifyFailure({ kind: 'answer', answer, shown: 'pod.example:8188', prompt });
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) as string });
  });

  it('B271 what only a submission can be told is not read out of another answer', () => {
    const answer = { status: 400, headers: {}, body: Buffer.from('{"error": {"type": "x"}, "node_errors": {}}') };
    expect(classifyFailure({ kind: 'answer', answer, shown: 'a' }).code).toBe('pod_answer_invalid');
  });
});

const failure = (code: string, cause?: string): Error =>
  Object.assign(new Error('fetch failed', cause === undefined ? {} : { cause: failure(cause) }), { code });

describe('connections that fail', () => {
  it.each([
    ['ECONNREFUSED', 'pod_unreachable', 'refuses connections.'],
    ['ECONNRESET', 'pod_unreachable', 'cut the connection.'],
    ['UND_ERR_SOCKET', 'pod_unreachable', 'cut the connection.'],
    ['UND_ERR_CONNECT_TIMEOUT', 'pod_unreachable', 'does not take connections in time.'],
    ['UND_ERR_HEADERS_TIMEOUT', 'pod_unreachable', 'did not answer in time.'],
    ['UND_ERR_BODY_TIMEOUT', 'pod_unreachable', 'stopped in the middle of its answer.'],
    ['EHOSTUNREACH', 'pod_unreachable', 'cannot be reached over the network.'],
    ['EAI_AGAIN', 'pod_unreachable', 'has a host name that cannot be looked up now.'],
    ['ENOTFOUND', 'pod_address_unknown', 'has a host name that does not exist.'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'pod_tls_failed', 'has a TLS certificate that is not trusted.'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'pod_tls_failed', 'has a TLS certificate that is not trusted.'],
    ['CERT_HAS_EXPIRED', 'pod_tls_failed', 'has a TLS certificate that has expired.'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'pod_tls_failed', 'has a TLS certificate for another host.'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'pod_tls_failed', 'has no working TLS.'],
    ['EPROTONOSUPPORT', 'pod_unreachable', 'could not be asked (EPROTONOSUPPORT).'],
  ])('B271 %s', (code, expected, words) => {
    for (const error of [failure(code), failure('UND_ERR_OTHER', code)].slice(0, code === 'EPROTONOSUPPORT' ? 1 : 2))
      expect(classifyFailure({ kind: 'transport', error, shown: 'pod.example:8188' })).toMatchObject({
        code: expected,
        message: `${AT} ${words}`,
      });
  });

  it('B271 a pod that restarted, a prompt without an end, and a connection cut again and again', () => {
    expect(classifyFailure({ kind: 'restarted' }).code).toBe('pod_lost');
    expect(classifyFailure({ kind: 'no_end', reason: 'It is gone.' })).toMatchObject({
      code: 'prompt_lost',
      message: 'It is gone.',
    });
    expect(classifyFailure({ kind: 'cut', reason: 'It cut it.' })).toMatchObject({
      code: 'submission_cut',
      message: 'It cut it.',
    });
  });
});
