import { randomUUID } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemSchema } from '../../lib/protocol/errors.ts';
import { MAX_BODY_BYTES } from '../../server/http/json-body.ts';
import { openTestFront, post, type Answer, type TestFront } from '../support/open-test-front.ts';

const WORKFLOW = { '1': { class_type: 'Note', inputs: { text: 'hello' } } };

let front: TestFront;
beforeEach(async () => {
  front = await openTestFront();
});
afterEach(() => front.close());

/** Status and code of a refusal, which is a whole problem body. */
function refusalOf(answer: Answer): [number, string] {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const problem = problemSchema.parse(answer.json);
  expect(problem.status).toBe(answer.status);
  expect(problem.detail).not.toBe('');
  return [answer.status, problem.code];
}
const jobOf = (answer: Answer) => answer.json['job'] as Record<string, unknown>;
const json = { 'content-type': 'application/json' };

describe('jobs', () => {
  it('B120 POST /api/jobs answers 201 with the job and where it is', async () => {
    const answer = await front.send('/api/jobs', post({ workflow: WORKFLOW, name: 'first', metadata: { a: 1 } }));
    expect(answer.status).toBe(201);
    const job = jobOf(answer);
    expect(job).toMatchObject({ name: 'first', state: 'queued', progress: null, podId: null, metadata: { a: 1 } });
    expect(answer.headers['location']).toBe(`/api/jobs/${String(job['id'])}`);
    expect(job['createdAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(jobOf(await front.send(`/api/jobs/${String(job['id'])}`))).toEqual(job);
  });

  it('B120 every wrong field of a body is named at once', async () => {
    const answer = await front.send('/api/jobs', post({ workflow: 'x', name: '', priority: 1.5, colour: 'red' }));
    expect(refusalOf(answer)).toEqual([400, 'invalid_request']);
    const fields = problemSchema.parse(answer.json).errors?.map((error) => error.field);
    expect(fields).toEqual(expect.arrayContaining(['workflow', 'name', 'priority']));
    expect(refusalOf(await front.send('/api/jobs', post({ workflow: {} })))).toEqual([422, 'invalid_workflow']);
    const big = post({ workflow: WORKFLOW, metadata: { text: 'x'.repeat(70_000) } });
    expect(refusalOf(await front.send('/api/jobs', big))).toEqual([400, 'invalid_request']);
  });

  it('B120 GET /api/jobs lists by state and text, and refuses a wrong query', async () => {
    front.desk.add('a cat');
    front.desk.running('a dog');
    const list = await front.send('/api/jobs?state=queued,failed&limit=10');
    expect(list.json['jobs']).toMatchObject([{ name: 'a cat' }]);
    expect(list.json).toMatchObject({ nextCursor: null, counts: { queued: 1, running: 1 } });
    expect((await front.send('/api/jobs?state=running&state=queued')).json['jobs']).toHaveLength(2);
    expect((await front.send('/api/jobs?q=dog')).json['jobs']).toHaveLength(1);
    for (const query of ['limit=0', 'limit=101', 'limit=ten', 'state=flying'])
      expect(refusalOf(await front.send(`/api/jobs?${query}`))).toEqual([400, 'invalid_request']);
  });

  it('B120 POST …/cancel and …/retry answer 202, or 409 where the state forbids it', async () => {
    const { id } = front.desk.add('a job');
    const cancel = () => front.send(`/api/jobs/${id}/cancel`, { method: 'POST' });
    const retry = () => front.send(`/api/jobs/${id}/retry`, { method: 'POST' });
    expect(refusalOf(await retry())).toEqual([409, 'state_conflict']);
    const cancelled = await cancel();
    expect([cancelled.status, jobOf(cancelled)['state']]).toEqual([202, 'cancelled']);
    expect(refusalOf(await cancel())).toEqual([409, 'state_conflict']);
    const retried = await retry();
    expect([retried.status, jobOf(retried)['id'], jobOf(retried)['state']]).toEqual([202, id, 'queued']);
  });

  it('B120 an unknown job is 404 on every route of it, whatever its id looks like', async () => {
    for (const id of [randomUUID(), 'nope', '%00', 'x%2Fy']) {
      for (const path of ['', '/workflow'])
        expect(refusalOf(await front.send(`/api/jobs/${id}${path}`))).toEqual([404, 'job_not_found']);
      for (const verb of ['cancel', 'retry'])
        expect(refusalOf(await front.send(`/api/jobs/${id}/${verb}`, { method: 'POST' }))).toEqual([
          404,
          'job_not_found',
        ]);
      expect(refusalOf(await front.send(`/api/jobs/${id}/outputs/0`))).toEqual([404, 'output_not_found']);
    }
  });

  it('B120 POST /api/workflows/convert answers the prompt a pod takes', async () => {
    const answer = await front.send('/api/workflows/convert', post({ workflow: { prompt: WORKFLOW } }));
    expect([answer.status, answer.json]).toEqual([
      200,
      { prompt: WORKFLOW, unknown: [{ nodeId: '1', classType: 'Note' }], notes: [] },
    ]);
    const saved = post({ workflow: { nodes: [], links: [] } });
    expect(refusalOf(await front.send('/api/workflows/convert', saved))).toEqual([422, 'invalid_workflow']);
  });
});

it('B120 GET /api/pods and /api/pods/{id} answer the pods', async () => {
  expect((await front.send('/api/pods')).json).toEqual({ pods: front.desk.views });
  expect((await front.send('/api/pods/pod-1')).json).toEqual({ pod: front.desk.views[0] });
  expect(refusalOf(await front.send('/api/pods/nope'))).toEqual([404, 'pod_not_found']);
});

describe('addresses and methods', () => {
  it('B121 an unknown address is 404 and a wrong method 405 with those that work', async () => {
    for (const path of ['/api', '/api/', '/api/nothing', '/api/jobs/1/2/3', '/api//jobs'])
      expect([path, refusalOf(await front.send(path))]).toEqual([path, [404, 'not_found']]);
    const wrong: [string, string, string][] = [
      ['PUT', '/api/jobs', 'GET, HEAD, POST'],
      ['DELETE', '/api/jobs/1', 'GET, HEAD'],
      ['GET', '/api/jobs/1/cancel', 'POST'],
      ['OPTIONS', '/api/jobs', 'GET, HEAD, POST'],
      ['POST', '/api/pods', 'GET, HEAD'],
      ['POST', '/healthz', 'GET, HEAD'],
      ['POST', '/api/docs', 'GET, HEAD'],
    ];
    for (const [method, path, allow] of wrong) {
      const answer = await front.send(path, { method });
      expect([method, path, refusalOf(answer), answer.headers['allow']]).toEqual([
        method,
        path,
        [405, 'method_not_allowed'],
        allow,
      ]);
    }
  });

  it('B121 HEAD answers the headers of GET alone', async () => {
    const head = await front.send('/api/jobs', { method: 'HEAD' });
    expect([head.status, head.body, head.headers['content-type']]).toEqual([200, '', 'application/json']);
  });
});

describe('bodies', () => {
  const submit = (body: string, headers: Record<string, string> = json) =>
    front.send('/api/jobs', { method: 'POST', headers, body });

  it('B122 only application/json is taken where JSON is due', async () => {
    const good = JSON.stringify({ workflow: WORKFLOW });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp'])
      expect(refusalOf(await submit(good, { 'content-type': type }))).toEqual([415, 'unsupported_media_type']);
    expect(refusalOf(await submit(good, {}))).toEqual([415, 'unsupported_media_type']);
    expect((await submit(good, { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(201);
    expect(front.desk.jobs.size).toBe(1);
  });

  it('B122 what does not parse, is nested without end or is too large is refused', async () => {
    for (const body of ['', '{', 'nonsense', '{"workflow":}'])
      expect(refusalOf(await submit(body))).toEqual([400, 'invalid_json']);
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(refusalOf(await submit(deep))).toEqual([400, 'invalid_json']);
    const large = `{"workflow":"${'x'.repeat(MAX_BODY_BYTES)}"}`;
    expect(refusalOf(await submit(large))).toEqual([413, 'body_too_large']);
    expect(refusalOf(await submit(large, { ...json, 'transfer-encoding': 'chunked' }))).toEqual([
      413,
      'body_too_large',
    ]);
    for (const body of ['null', '[]', '7', '"x"'])
      expect(refusalOf(await submit(body))).toEqual([400, 'invalid_request']);
  });

  it('B122 cancel and retry need no body, but one that is there must be JSON', async () => {
    const cancel = async (body: string | undefined, headers: Record<string, string> = {}) => {
      const { id } = front.desk.add('a job');
      const options = { method: 'POST', headers, ...(body !== undefined && { body }) };
      return (await front.send(`/api/jobs/${id}/cancel`, options)).status;
    };
    expect(await cancel(undefined)).toBe(202);
    expect(await cancel('', { 'content-type': 'application/x-www-form-urlencoded' })).toBe(202);
    expect(await cancel('{}', json)).toBe(202);
    expect(await cancel('a=1', { 'content-type': 'application/x-www-form-urlencoded' })).toBe(415);
    expect(await cancel('a=1')).toBe(415);
    expect(await cancel('{', json)).toBe(400);
  });
});

it('B123 an Idempotency-Key answers the first job again, and 409 for another body', async () => {
  const send = (name: string, key: string) =>
    front.send('/api/jobs', post({ workflow: WORKFLOW, name }, { 'idempotency-key': key }));
  const first = await send('one', 'key-1');
  const again = await send('one', 'key-1');
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(jobOf(again)['id']).toBe(jobOf(first)['id']);
  expect(refusalOf(await send('two', 'key-1'))).toEqual([409, 'idempotency_conflict']);
  expect((await send('two', 'key-2')).status).toBe(201);
  for (const key of ['', 'x'.repeat(201)]) expect(refusalOf(await send('x', key))).toEqual([400, 'invalid_request']);
  expect(front.desk.jobs.size).toBe(2);
});

it('B124 while the store is away work is refused with 503 and a time, and the process lives', async () => {
  front.desk.away = true;
  front.desk.ready = { ready: false, reasons: ['The store is away: The disk is full.'] };
  const { id } = { id: randomUUID() };
  for (const answer of [
    await front.send('/api/jobs', post({ workflow: WORKFLOW })),
    await front.send('/api/jobs'),
    await front.send(`/api/jobs/${id}`),
  ]) {
    expect(refusalOf(answer)).toEqual([503, 'store_unavailable']);
    expect(answer.headers['retry-after']).toBe('5');
  }
  const ready = await front.send('/readyz');
  expect(refusalOf(ready)).toEqual([503, 'not_ready']);
  expect([ready.json['detail'], ready.headers['retry-after']]).toEqual(['The store is away: The disk is full.', '5']);
  expect((await front.send('/healthz')).json).toEqual({ status: 'alive' });
  expect((await front.send('/metrics')).body).toContain('podium_store_up 0');
  front.desk.away = false;
  front.desk.ready = { ready: true, reasons: [] };
  expect((await front.send('/readyz')).json).toEqual({ status: 'ready', warnings: [] });
  expect(front.errors).toEqual([]);
});

describe('the description', () => {
  it('B125 is valid OpenAPI 3.1 and names every route', async () => {
    const document = (await front.send('/api/openapi.json')).json;
    expect(await new Validator().validate(document)).toEqual({ valid: true });
    expect(document['openapi']).toBe('3.1.0');
    const routes = Object.entries(document['paths'] as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(routes.toSorted()).toEqual([
      'delete /api/templates/{id}',
      'get /api/batches',
      'get /api/batches/{id}',
      'get /api/batches/{id}/jobs',
      'get /api/failures',
      'get /api/jobs',
      'get /api/jobs/{id}',
      'get /api/jobs/{id}/outlook',
      'get /api/jobs/{id}/outputs/{index}',
      'get /api/jobs/{id}/outputs/{index}/thumbnail',
      'get /api/jobs/{id}/workflow',
      'get /api/pods',
      'get /api/pods/{id}',
      'get /api/recoveries',
      'get /api/recoveries/{id}',
      'get /api/system',
      'get /api/templates',
      'get /api/templates/export',
      'get /api/templates/{id}',
      'get /api/uploads/{hash}',
      'get /api/uploads/{hash}/file',
      'get /healthz',
      'get /metrics',
      'get /readyz',
      'post /api/batches',
      'post /api/batches/{id}/cancel',
      'post /api/batches/{id}/retry',
      'post /api/dispatch/pause',
      'post /api/dispatch/resume',
      'post /api/failures/{key}/retry',
      'post /api/jobs',
      'post /api/jobs/{id}/cancel',
      'post /api/jobs/{id}/retry',
      'post /api/pods/{id}/drain',
      'post /api/pods/{id}/free-memory',
      'post /api/pods/{id}/reopen',
      'post /api/templates',
      'post /api/templates/import',
      'post /api/uploads/from-output',
      'post /api/workflows/check',
      'post /api/workflows/convert',
      'put /api/templates/{id}',
      'put /api/uploads/{hash}',
    ]);
  });

  it('B125 is what the API really answers', async () => {
    const document = (await front.send('/api/openapi.json')).json;
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'api');
    const { id } = front.desk.running('described');
    const calls: [string, string, Answer][] = [
      ['/api/jobs', 'get', await front.send('/api/jobs')],
      ['/api/jobs', 'post', await front.send('/api/jobs', post({ workflow: WORKFLOW }))],
      ['/api/jobs/{id}', 'get', await front.send(`/api/jobs/${id}`)],
      ['/api/pods', 'get', await front.send('/api/pods')],
      ['/api/jobs/{id}', 'get', await front.send('/api/jobs/nope')],
      ['/api/jobs', 'post', await front.send('/api/jobs', post({}))],
    ];
    for (const [path, method, answer] of calls) {
      const type = String(answer.headers['content-type']);
      const steps = ['paths', path, method, 'responses', String(answer.status), 'content', type, 'schema'];
      const pointer = steps.map((step) => encodeURIComponent(step.replaceAll('/', '~1'))).join('/');
      const fits = ajv.compile({ $ref: `api#/${pointer}` });
      expect([path, method, fits(answer.json), fits.errors]).toEqual([path, method, true, null]);
    }
  });

  it('B125 is readable without a script', async () => {
    const page = await front.send('/api/docs');
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('/api/jobs/{id}/cancel');
    expect(page.body).not.toContain('<script');
  });
});

it('B128 submitting says how much is left of the limit, and above it waits until a named time', async () => {
  const limited = await openTestFront({ submitsPerMinute: 3 });
  const submit = (body: unknown) => limited.send('/api/jobs', post(body));
  const first = await submit({ workflow: WORKFLOW });
  expect(first.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': '2' });
  expect((await submit({})).headers).toHaveProperty('ratelimit-remaining', '1');
  expect((await submit({ workflow: WORKFLOW })).status).toBe(201);
  const refused = await submit({ workflow: WORKFLOW });
  expect(refusalOf(refused)).toEqual([429, 'too_many_requests']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  const read = await limited.send('/api/jobs');
  expect([read.status, read.headers['ratelimit-limit']]).toEqual([200, '10000']);
  expect(limited.desk.jobs.size).toBe(2);
  await limited.close();
});
