import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { jobError } from '../../lib/jobs/job-error.ts';
import { failureListSchema } from '../../lib/protocol/jobs.ts';
import { openTestFront, post, type Answer, type TestFront } from '../support/open-test-front.ts';

let front: TestFront;
beforeEach(async () => {
  front = await openTestFront();
});
afterEach(() => front.close());

const lacking = (subject: string) => jobError('model_missing', `Pod pod-1 lacks ${subject}.`, { subject });
function failed(name: string, error = lacking('x.safetensors')): string {
  const { id } = front.desk.running(name);
  front.desk.change(id, { type: 'fail', error, outcome: 'failed' });
  return id;
}
const json = { 'content-type': 'application/json' };
const fieldsOf = ({ json: problem }: Answer) =>
  (problem['errors'] as { field: string }[] | undefined)?.map(({ field }) => field);

it('B313 a retry takes a pod and the wish to free memory, or no body at all', async () => {
  const plain = failed('plain');
  const bare = await front.send(`/api/jobs/${plain}/retry`, { method: 'POST', headers: { ...json } });
  expect([bare.status, bare.json['job']]).toMatchObject([202, { state: 'queued', wantedPodId: null }]);
  const chosen = failed('chosen');
  const answer = await front.send(`/api/jobs/${chosen}/retry`, post({ pod: 'pod-1', freeMemory: true }));
  expect([answer.status, answer.json['job']]).toMatchObject([
    202,
    { state: 'queued', wantedPodId: 'pod-1', next: { freeMemory: true } },
  ]);
});

it('B313 wrong fields of a retry are named, and nothing is retried', async () => {
  const id = failed('kept');
  const wrong = await front.send(`/api/jobs/${id}/retry`, post({ pod: 7, freeMemory: 'yes' }));
  expect([wrong.status, wrong.json['code'], fieldsOf(wrong)]).toEqual([400, 'invalid_request', ['pod', 'freeMemory']]);
  const unknown = await front.send(`/api/jobs/${id}/retry`, post({ colour: 'red' }));
  expect([unknown.status, fieldsOf(unknown)]).toEqual([400, ['colour']]);
  expect(front.desk.jobs.get(id)?.state).toBe('failed');
});

it('B315 groups are answered and retried by key; one that is gone is 404', async () => {
  failed('one');
  failed('two');
  failed('other', lacking('y.safetensors'));
  const { groups, looked } = failureListSchema.parse((await front.send('/api/failures')).json);
  expect([looked, groups.map(({ count }) => count)]).toEqual([3, [2, 1]]);
  const key = groups[0]?.key ?? '';
  const retried = await front.send(`/api/failures/${key}/retry`, { method: 'POST' });
  expect([retried.status, retried.json]).toEqual([202, { retried: 2 }]);
  const again = await front.send(`/api/failures/${key}/retry`, post({}));
  expect([again.status, again.json['code']]).toEqual([404, 'not_found']);
  front.desk.away = true;
  expect((await front.send('/api/failures')).status).toBe(503);
});

it('B318 a pod is drained, reopened and freed of models by order; one that is not there is 404', async () => {
  for (const action of ['drain', 'reopen', 'free-memory'] as const) {
    const answer = await front.send(`/api/pods/pod-1/${action}`, post({}));
    expect([answer.status, answer.json['pod']]).toMatchObject([202, { id: 'pod-1', drained: action === 'drain' }]);
    const nowhere = await front.send(`/api/pods/nope/${action}`, { method: 'POST' });
    expect([nowhere.status, nowhere.json['code']]).toEqual([404, 'pod_not_found']);
    expect((await front.send(`/api/pods/pod-1/${action}`)).headers['allow']).toBe('POST');
  }
  expect(front.desk.orders.map(({ action }) => action)).toEqual(['drain', 'reopen', 'free-memory']);
  const foreign = await front.send('/api/pods/pod-1/drain', post({}, { origin: 'https://elsewhere.example' }));
  expect(foreign.status).toBe(403);
  const form = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' };
  expect((await front.send('/api/pods/pod-1/drain', form)).status).toBe(415);
});

it('B125 the description of failures, retries and orders is what is really answered', async () => {
  const document = (await front.send('/api/openapi.json')).json;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'api');
  const id = failed('described');
  front.desk.outlooks.set(id, {
    works: 'no',
    sentence: '“x.safetensors” is still missing on pod pod-1.',
    pods: [{ podId: 'pod-1', lacks: [{ kind: 'model', name: 'x.safetensors' }] }],
  });
  const key = failureListSchema.parse((await front.send('/api/failures')).json).groups[0]?.key ?? '';
  const calls: [string, string, Answer][] = [
    ['/api/failures', 'get', await front.send('/api/failures')],
    ['/api/jobs/{id}/outlook', 'get', await front.send(`/api/jobs/${id}/outlook`)],
    ['/api/jobs/{id}/outlook', 'get', await front.send('/api/jobs/nope/outlook')],
    ['/api/jobs/{id}/retry', 'post', await front.send(`/api/jobs/${id}/retry`, post({ pod: '' }))],
    ['/api/failures/{key}/retry', 'post', await front.send(`/api/failures/${key}/retry`, post({}))],
    ['/api/failures/{key}/retry', 'post', await front.send(`/api/failures/${key}/retry`, post({}))],
    ['/api/pods/{id}/drain', 'post', await front.send('/api/pods/pod-1/drain', post({}))],
    ['/api/pods/{id}/free-memory', 'post', await front.send('/api/pods/none/free-memory', post({}))],
  ];
  expect(calls.map(([, , { status }]) => status)).toEqual([200, 200, 404, 400, 202, 404, 202, 404]);
  for (const [path, method, answer] of calls) {
    const type = String(answer.headers['content-type']);
    const steps = ['paths', path, method, 'responses', String(answer.status), 'content', type, 'schema'];
    const pointer = steps.map((step) => encodeURIComponent(step.replaceAll('/', '~1'))).join('/');
    const fits = ajv.compile({ $ref: `api#/${pointer}` });
    expect([path, answer.status, fits(answer.json), fits.errors]).toEqual([path, answer.status, true, null]);
  }
});
