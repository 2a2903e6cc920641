import { randomUUID } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemRules, problemSchema, PROBLEM_CODES } from '../../lib/protocol/errors.ts';
import { recoveryListSchema, systemSchema } from '../../lib/protocol/system.ts';
import { problemOf, problemResponse } from '../../server/http/problems.ts';
import { recoveryOf } from '../support/fake-system.ts';
import { openTestFront, post, type Answer, type TestFront } from '../support/open-test-front.ts';

let front: TestFront;
beforeEach(async () => {
  front = await openTestFront();
});
afterEach(() => front.close());

const listOf = (answer: Answer) => recoveryListSchema.parse(answer.json).recoveries;
const EVICTS = 'Redis throws keys away when its memory is full. Set maxmemory-policy noeviction.';

describe('the desk as a whole', () => {
  it('B234 GET /api/system tells store, instances and dispatch', async () => {
    const answer = await front.send('/api/system');
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(systemSchema.parse(answer.json)).toEqual(front.system.view);
  });

  it('B234 dispatch is paused and resumed by anybody who may use the API, and pages of others may not', async () => {
    const dispatch = async (verb: string, options: Parameters<typeof front.send>[1] = post({})) =>
      front.send(`/api/dispatch/${verb}`, options);
    const paused = await dispatch('pause');
    expect([paused.status, paused.json['dispatch']]).toMatchObject([202, { paused: true }]);
    expect((await front.send('/api/system')).json['dispatch']).toEqual(paused.json['dispatch']);
    const foreign = await dispatch('resume', post({}, { origin: 'https://elsewhere.example' }));
    expect([foreign.status, foreign.json['code']]).toEqual([403, 'origin_refused']);
    const form = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' };
    expect((await dispatch('resume', form)).status).toBe(415);
    expect((await dispatch('resume', { method: 'GET' })).headers['allow']).toBe('POST');
    expect(front.system.view.dispatch.paused).toBe(true);
    const resumed = await dispatch('resume', { method: 'POST' });
    expect([resumed.status, resumed.json['dispatch']]).toMatchObject([202, { paused: false }]);
  });

  it('B235 /readyz is 200 and says what about the store is unsafe', async () => {
    expect((await front.send('/readyz')).json).toEqual({ status: 'ready', warnings: [] });
    front.system.view.store.warnings.push({ code: 'evicts', message: EVICTS });
    const answer = await front.send('/readyz');
    expect([answer.status, answer.json]).toEqual([200, { status: 'ready', warnings: [EVICTS] }]);
  });

  it('B235 a store that goes away between two looks takes no warning and no figure with it', async () => {
    front.system.away = true;
    expect((await front.send('/readyz')).json).toEqual({ status: 'ready', warnings: [] });
    expect((await front.send('/metrics')).body).toContain('podium_store_up 1');
    expect(front.errors).toEqual([]);
  });

  it('B235 every 503 says when to try again, and only a 503', async () => {
    for (const code of PROBLEM_CODES) {
      const answer = problemResponse(problemOf(code, 'why'));
      expect([code, answer.headers.has('retry-after')]).toEqual([code, problemRules[code].status === 503]);
    }
    front.system.away = true;
    const calls: [string, object][] = [
      ['/api/system', {}],
      ['/api/recoveries', {}],
      [`/api/recoveries/${randomUUID()}`, {}],
      ['/api/dispatch/pause', post({})],
      ['/api/dispatch/resume', post({})],
    ];
    for (const [path, options] of calls) {
      const answer = await front.send(path, options);
      expect([path, answer.status, problemSchema.parse(answer.json).code]).toEqual([path, 503, 'store_unavailable']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  it('B235 /metrics tells instances, the pause, the store’s warnings and the newest recovery', async () => {
    front.system.view.store.warnings.push({ code: 'evicts', message: EVICTS });
    await front.system.pause();
    front.system.kept = [recoveryOf([{}, {}, {}], { startedAt: '2026-03-04T05:06:07.000Z' }), recoveryOf([{}])];
    const { body } = await front.send('/metrics');
    const figure = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(body)?.[1]);
    expect(figure('podium_dispatch_paused')).toBe(1);
    expect(figure('podium_instances')).toBe(1);
    expect(figure('podium_store_warnings')).toBe(1);
    expect(figure('podium_last_recovery_jobs')).toBe(3);
    expect(figure('podium_last_recovery_timestamp_seconds')).toBe(Date.parse('2026-03-04T05:06:07.000Z') / 1000);
    await front.system.resume();
    expect((await front.send('/metrics')).body).toContain('podium_dispatch_paused 0');
  });
});

describe('recoveries', () => {
  it('B234 GET /api/recoveries gives them newest first, with as many jobs of each as are asked for', async () => {
    const newest = recoveryOf([{ action: 'reattached', percent: 43 }, { action: 'stale' }, { action: 'adopted' }]);
    const older = recoveryOf([{}], { reason: 'takeover' });
    front.system.kept = [newest, older];
    const all = listOf(await front.send('/api/recoveries'));
    expect(all.map(({ id, jobs }) => [id, jobs.length])).toEqual([
      [newest.id, 3],
      [older.id, 1],
    ]);
    const [first, ...rest] = listOf(await front.send('/api/recoveries?limit=1&jobs=1'));
    expect(rest).toEqual([]);
    expect(first).toMatchObject({
      id: newest.id,
      found: 3,
      counts: { reattached: 1, stale: 1, adopted: 1 },
      jobs: [{ action: 'stale' }],
    });
    expect(listOf(await front.send('/api/recoveries?jobs=0')).map(({ jobs }) => jobs)).toEqual([[], []]);
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'jobs=-1', 'jobs=501'])
      expect([query, (await front.send(`/api/recoveries?${query}`)).json['code']]).toEqual([query, 'invalid_request']);
  });

  it('B234 GET /api/recoveries/{id} gives one with all its jobs, or says that there is none', async () => {
    const one = recoveryOf([{}, {}, {}]);
    front.system.kept = [recoveryOf([{}]), one];
    const answer = await front.send(`/api/recoveries/${one.id}`);
    expect(answer.json['recovery']).toEqual({ ...one, counts: { reattached: 3 } });
    const none = await front.send(`/api/recoveries/${randomUUID()}`);
    expect([none.status, none.json['code']]).toEqual([404, 'not_found']);
  });

  it('B234 the description of all these routes is valid and what they really answer', async () => {
    front.system.kept = [recoveryOf([{ percent: 12.5 }, { action: 'looking', detail: 'The pod is silent.' }])];
    const document = (await front.send('/api/openapi.json')).json;
    expect(await new Validator().validate(document)).toEqual({ valid: true });
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'api');
    const id = front.system.kept[0]?.id ?? '';
    const calls: [string, string, Answer][] = [
      ['/api/system', 'get', await front.send('/api/system')],
      ['/api/recoveries', 'get', await front.send('/api/recoveries')],
      ['/api/recoveries', 'get', await front.send('/api/recoveries?limit=0')],
      ['/api/recoveries/{id}', 'get', await front.send(`/api/recoveries/${id}`)],
      ['/api/recoveries/{id}', 'get', await front.send('/api/recoveries/none')],
      ['/api/dispatch/pause', 'post', await front.send('/api/dispatch/pause', post({}))],
      ['/readyz', 'get', await front.send('/readyz')],
    ];
    for (const [path, method, answer] of calls) {
      const type = String(answer.headers['content-type']);
      const steps = ['paths', path, method, 'responses', String(answer.status), 'content', type, 'schema'];
      const pointer = steps.map((step) => encodeURIComponent(step.replaceAll('/', '~1'))).join('/');
      const fits = ajv.compile({ $ref: `api#/${pointer}` });
      expect([path, answer.status, fits(answer.json), fits.errors]).toEqual([path, answer.status, true, null]);
    }
  });
});
