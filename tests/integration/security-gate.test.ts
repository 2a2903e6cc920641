import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestFront, post, upgrade, type TestFront } from '../support/open-test-front.ts';

const WORKFLOW = { workflow: { '1': { class_type: 'Note', inputs: {} } } };
const POLLING = '/socket.io/?EIO=4&transport=polling';
const WEBSOCKET = '/socket.io/?EIO=4&transport=websocket';

let front: TestFront;
let port: number;
beforeAll(async () => {
  front = await openTestFront();
  port = front.port;
});
afterAll(() => front.close());

/** The status of the same headers on a read, a write, a poll and a WebSocket handshake. */
async function everywhere(headers: Record<string, string>): Promise<Record<string, number>> {
  return {
    read: (await front.send('/api/jobs', { headers })).status,
    write: (await front.send('/api/jobs', post(WORKFLOW, headers))).status,
    metrics: (await front.send('/metrics', { headers })).status,
    polling: (await front.send(POLLING, { headers })).status,
    websocket: await upgrade(port, WEBSOCKET, headers),
  };
}
const LET_IN = { read: 200, write: 201, metrics: 200, polling: 200, websocket: 101 };
const REFUSED = { read: 403, write: 403, metrics: 403, polling: 403, websocket: 403 };

describe('Host', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '127.8.9.10', '[::1]'])(
    'B130 %s with our port is ours on every transport',
    async (name) => {
      expect(await everywhere({ host: `${name}:${port}` })).toEqual(LET_IN);
    },
  );

  it.each([
    ['another name', () => `evil.example:${port}`],
    ['a name that ends like ours', () => `localhost.evil.example:${port}`],
    ['an address of the network', () => `192.168.1.7:${port}`],
    ['no port', () => 'localhost'],
    ['another port', () => `localhost:${port + 1}`],
    ['a user before it', () => `localhost:${port}@evil.example`],
  ])('B130 %s is refused on every transport', async (_what, host) => {
    expect(await everywhere({ host: host() })).toEqual(REFUSED);
    expect((await front.send('/api/jobs', { headers: { host: host() } })).json['code']).toBe('host_refused');
  });
});

describe('Origin', () => {
  it('B131 our own origin, and none at all, are let in on every transport', async () => {
    expect(await everywhere({})).toEqual(LET_IN);
    expect(await everywhere({ origin: `http://127.0.0.1:${port}` })).toEqual(LET_IN);
    expect(await everywhere({ host: `localhost:${port}`, origin: `http://localhost:${port}` })).toEqual(LET_IN);
  });

  it.each([
    ['null', () => 'null'],
    ['another site', () => 'https://evil.example'],
    ['another port of this machine', () => `http://127.0.0.1:${port + 1}`],
    ['another name of this machine', () => `http://localhost:${port}`],
    ['https where we speak http', () => `https://127.0.0.1:${port}`],
    ['an extension', () => 'chrome-extension://abcdef'],
    ['an empty one', () => ''],
  ])('B131 %s is refused on every transport', async (_what, origin) => {
    expect(await everywhere({ origin: origin() })).toEqual(REFUSED);
    expect((await front.send('/api/jobs', { headers: { origin: origin() } })).json['code']).toBe('origin_refused');
  });

  it('B131 a refused write leaves no job behind', async () => {
    const before = front.desk.jobs.size;
    await front.send('/api/jobs', post(WORKFLOW, { origin: 'https://evil.example' }));
    expect(front.desk.jobs.size).toBe(before);
  });
});

describe('Sec-Fetch-Site', () => {
  it.each(['same-origin', 'none'])('B132 %s is let in on every transport', async (site) => {
    expect(await everywhere({ 'sec-fetch-site': site })).toEqual(LET_IN);
  });

  it.each(['cross-site', 'same-site'])('B132 %s is refused on every transport', async (site) => {
    expect(await everywhere({ 'sec-fetch-site': site })).toEqual(REFUSED);
    const navigating = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(await everywhere(navigating)).toEqual(REFUSED);
  });

  it('B132 a link on another site may open one of our pages, but not in a frame and not by a form', async () => {
    const visit = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    // Pages are switched off here: the gate lets the visit through to "nothing here".
    expect((await front.send('/jobs/1', { headers: visit })).json['code']).toBe('not_found');
    const framed = { ...visit, 'sec-fetch-dest': 'iframe' };
    expect((await front.send('/jobs/1', { headers: framed })).json['code']).toBe('origin_refused');
    expect((await front.send('/jobs/1', { method: 'POST', headers: visit })).json['code']).toBe('origin_refused');
    expect((await front.send('/', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });
});

it('B133 a browser that is let in once is still asked at every poll', async () => {
  const opened = await front.send(POLLING);
  const { sid } = JSON.parse(opened.body.slice(1)) as { sid: string };
  const poll = `${POLLING}&sid=${sid}`;
  const evil = { origin: 'https://evil.example', 'content-type': 'text/plain' };
  expect((await front.send(poll, { method: 'POST', headers: evil, body: '40' })).status).toBe(403);
  expect((await front.send(poll, { headers: { host: 'evil.example' } })).status).toBe(403);
  expect(await upgrade(port, `${WEBSOCKET}&sid=${sid}`, evil)).toBe(403);
  const ours = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '40' };
  expect((await front.send(poll, ours)).status).toBe(200);
});

it('B133 an upgrade to anything but our sockets is closed', async () => {
  expect(await upgrade(port, '/api/jobs', {})).toBe(404);
  expect(await upgrade(port, '/_next/webpack-hmr', {})).toBe(404);
});

describe('behind another name', () => {
  it('B130 PUBLIC_URL names one more host, and only its own scheme is its origin', async () => {
    const proxied = await openTestFront({ publicUrl: 'https://podium.example' });
    const ask = (headers: Record<string, string>) =>
      proxied.send('/api/jobs', { headers }).then((answer) => answer.status);
    const host = 'podium.example';
    expect(await ask({ host, origin: 'https://podium.example' })).toBe(200);
    expect(await ask({ host: `127.0.0.1:${proxied.port}`, origin: 'https://podium.example' })).toBe(200);
    expect(await ask({ host })).toBe(200);
    expect(await ask({ host, origin: 'http://podium.example' })).toBe(403);
    expect(await ask({ host: 'other.example' })).toBe(403);
    await proxied.close();
  });

  it('B130 a wildcard HOST takes any address of the machine, which no name can be rebound to', async () => {
    const open = await openTestFront({ host: '0.0.0.0', authToken: 'a-long-enough-token' });
    const ask = (host: string) =>
      open
        .send('/api/jobs', { headers: { host, authorization: 'Bearer a-long-enough-token' } })
        .then((answer) => answer.status);
    expect(await ask(`192.168.1.7:${open.port}`)).toBe(200);
    expect(await ask(`evil.example:${open.port}`)).toBe(403);
    await open.close();
  });
});
