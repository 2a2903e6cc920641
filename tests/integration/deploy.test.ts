import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { SETTINGS, plainEnvironment } from '../../scripts/settings.mjs';
import { ROOT } from '../support/build-server.ts';
import { openTestFront } from '../support/open-test-front.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Instruction {
  name: string;
  rest: string;
}
/** What a Dockerfile says, without comments, a line continued by `\` as one. */
function instructions(): Instruction[] {
  return read('deploy/Dockerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.split(' ', 1)[0] ?? '', rest: line.replace(/^\S+\s+/, '') }));
}
const restOf = (name: string) => instructions().flatMap((one) => (one.name === name ? [one.rest] : []));
/** A command in the form of a JSON array, wherever it stands in an instruction. */
const commandIn = (text: string) => z.array(z.string()).parse(JSON.parse(/\[.*\]$/.exec(text)?.[0] ?? ''));

const service = z.object({
  environment: z.record(z.string(), z.string()).optional(),
  command: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  image: z.string(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
  networks: z.record(z.string(), z.object({ ipv4_address: z.string() })).optional(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
});
const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(read('deploy/compose.yaml'), { merge: true }));
const podiums = Object.entries(compose.services).filter(([, { image }]) => image === 'podium');

/** How a program ends. */
const exitCode = (program: string, args: string[], env: NodeJS.ProcessEnv) =>
  new Promise<number>((resolve) => {
    const child = spawn(program, args, { env, stdio: 'ignore' });
    child.once('close', (code) => resolve(code ?? -1));
  });

describe('the Dockerfile', () => {
  it('B256 copies what is there and runs what exists', () => {
    const copied = restOf('COPY').filter((rest) => !rest.startsWith('--from'));
    const sources = copied.flatMap((rest) => rest.split(' ').slice(0, -1));
    expect(sources.length).toBeGreaterThan(8);
    expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));
    const run = restOf('RUN').flatMap((rest) => /^npm run (\S+)/.exec(rest)?.[1] ?? []);
    expect(run).toEqual(['build']);
    expect(run.filter((name) => !(name in scripts))).toEqual([]);
    expect(existsSync(join(ROOT, commandIn(restOf('CMD')[0] ?? '')[1] ?? ''))).toBe(true);
    expect(restOf('RUN').join()).toContain(
      z.object({ bin: z.object({ podium: z.string() }) }).parse(JSON.parse(read('package.json'))).bin.podium,
    );
  });

  it('B256 brings what a build needs: every source of pages and server', () => {
    const copied = restOf('COPY').join(' ').split(' ');
    for (const source of ['app', 'components', 'lib', 'server', 'public', 'next.config.js', 'postcss.config.mjs'])
      expect(copied, source).toContain(source);
  });

  it('B256 does not run as root, keeps its data in a volume, and sets only what Podium reads', () => {
    const all = instructions();
    const lastStage = all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
    expect(lastStage.find(({ name }) => name === 'USER')?.rest).toBe('node');
    const set = restOf('ENV').flatMap((rest) => rest.split(' ').map((pair) => pair.split('=')));
    expect(set.map(([name]) => name).filter((name) => name !== 'NODE_ENV' && !SETTINGS.includes(name ?? ''))).toEqual(
      [],
    );
    expect(restOf('VOLUME')).toEqual([set.find(([name]) => name === 'DATA_DIR')?.[1]]);
  });

  it('B256 asks whether Podium lives by a command that tells it from one that is gone', async () => {
    const [program = '', ...args] = commandIn(restOf('HEALTHCHECK')[0] ?? '');
    const front = await openTestFront({ authToken: 'a-token-of-the-studio' });
    const env = { ...plainEnvironment(), PORT: String(front.port) };
    expect(await exitCode(program, args, env)).toBe(0);
    await front.close();
    expect(await exitCode(program, args, env)).toBe(1);
  });
});

describe('the compose file', () => {
  it('B256 starts several instances that share Redis, results, pods and token, and sets only what Podium reads', () => {
    expect(podiums.length).toBeGreaterThan(1);
    const [[, first] = []] = podiums;
    for (const [, podium] of podiums) {
      expect(podium).toEqual(first);
      expect(Object.keys(podium.environment ?? {}).filter((name) => !SETTINGS.includes(name))).toEqual([]);
      for (const name of ['REDIS_URL', 'AUTH_TOKEN', 'COMFYUI_POD_URL', 'PUBLIC_URL'])
        expect(podium.environment).toHaveProperty(name);
      expect(podium.volumes?.map((volume) => volume.split(':')[1])).toEqual(restOf('VOLUME'));
      expect(podium.build?.dockerfile).toBe('deploy/Dockerfile');
      expect(normalize(join('deploy', podium.build?.context ?? ''))).toBe('.');
    }
    expect(new URL(first?.environment?.['REDIS_URL'] ?? '').hostname).toBe('redis');
    const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.map((one) => one.split(':')[0] ?? ''),
    );
    const missing = mounted.filter((source) =>
      source.startsWith('.') ? !existsSync(join(ROOT, 'deploy', source)) : !(source in compose.volumes),
    );
    expect(missing).toEqual([]);
  });
});

describe('the proxy’s configuration', () => {
  const nginx = read('deploy/nginx.conf');

  it('B321 is of the one proxy that the instances of the compose file believe', () => {
    const { ipv4_address: address } = compose.services['proxy']?.networks?.['default'] ?? {};
    expect(address).toBeDefined();
    for (const [, podium] of podiums) expect(podium.environment?.['TRUSTED_PROXIES']).toBe(address);
  });

  it('B256 leads to the instances of the compose file, by the names and the port they have there', () => {
    const servers = [...nginx.matchAll(/^\s*server (\S+):(\d+)/gm)].map(([, name, port]) => [name, port]);
    const port = restOf('EXPOSE')[0];
    expect(servers).toEqual(podiums.map(([name]) => [name, port]));
  });

  it('B256 passes on what Podium demands', () => {
    for (const line of [
      'proxy_set_header Host $http_host;',
      'proxy_set_header Upgrade $http_upgrade;',
      'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
      'proxy_http_version 1.1;',
    ])
      expect(nginx).toContain(line);
    expect(nginx).not.toContain('non_idempotent');
  });
});

describe('the page about several instances', () => {
  it('links only to files that are there', () => {
    const page = 'docs/several-instances.md';
    const links = [...read(page).matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => join(ROOT, dirname(page), link ?? ''));
    expect(links.length).toBeGreaterThan(2);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});
