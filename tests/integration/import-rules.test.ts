import { beforeAll, describe, expect, it } from 'vitest';
import { ROOMS } from '../../scripts/lint/rooms.mjs';
import { lintPlanted, type Finding } from '../support/oxlint.ts';

const value = (specifier: string) => `import { it } from '${specifier}';\nexport const used = it;\n`;

/** One file a row: where it stands, what it imports, and the rule it breaks. */
const REFUSED = [
  ['lib/jobs/planted-react.ts', 'react', 'lib may import the packages zod, not react'],
  ['lib/jobs/planted-server.ts', '../../server/jobs/job-store.ts', 'lib may import nothing, not server/jobs'],
  ['lib/planted-node.ts', 'node:fs', 'lib also runs in browsers'],
  ['app/planted-server.tsx', '../server/config.ts', 'app may import components'],
  ['app/planted-domain.tsx', '../server/jobs/desk.ts', 'not server/jobs'],
  ['app/planted-socket.tsx', 'socket.io-client', 'only components/hooks imports socket.io-client'],
  ['components/jobs/planted-app.tsx', '../../app/server-api.ts', 'nothing outside app/ imports it'],
  ['components/jobs/planted-server.tsx', '../../server/jobs/desk.ts', 'components may import'],
  ['components/jobs/planted-socket.tsx', 'socket.io-client', 'only components/hooks imports socket.io-client'],
  ['components/ui/planted-domain.tsx', '../../lib/jobs/job.ts', 'components/ui may import nothing, not lib'],
  ['components/ui/planted-room.tsx', '../jobs/job-list.tsx', 'components/ui may import nothing, not components'],
  ['components/jobs/planted-graph.tsx', '@xyflow/react', 'components may import the packages next, react'],
  ['components/graph/planted-domain.tsx', '../jobs/job-list.tsx', 'components/graph may import components/ui, lib'],
  ['components/hooks/planted-domain.tsx', '../jobs/job-list.tsx', 'components/hooks may import lib, not components'],
  ['server/jobs/planted-adapter.ts', '../comfy/pod-client.ts', 'server/jobs may import lib, not server/comfy'],
  ['server/jobs/planted-sdk.ts', 'better-sqlite3', 'server/jobs may import the packages zod, not better-sqlite3'],
  ['server/comfy/planted.ts', '../sqlite/job-store.ts', 'server/comfy may import lib, server/jobs, not server/sqlite'],
  ['server/comfy/planted-sdk.ts', 'socket.io', 'server/comfy may import the packages zod, ws, undici'],
  ['server/sqlite/planted.ts', '../outputs/file-output-store.ts', 'not server/outputs'],
  ['server/redis/planted.ts', '../sqlite/job-store.ts', 'server/redis may import lib, server/jobs, not server/sqlite'],
  ['server/relay/planted.ts', '../http/create-api.ts', 'not server/http'],
  ['server/http/planted.ts', '../relay/create-relay.ts', 'not server/relay'],
  ['server/http/planted-wiring.ts', '../create-desk.ts', 'not server/create-desk.ts'],
  ['server/outputs/planted.ts', '../comfy/pod-client.ts', 'not server/comfy'],
  ['server/files/planted.ts', '../jobs/output-store.ts', 'server/files may import lib, not server/jobs'],
  ['server/uploads/planted.ts', '../outputs/file-output-store.ts', 'not server/outputs'],
  ['server/demo-pod/planted.ts', '../comfy/frames.ts', 'not server/comfy'],
  ['server/config.ts', './jobs/job-store.ts', 'server/config.ts may import lib, not server/jobs'],
  ['server/pages.ts', './create-desk.ts', 'server/pages.ts may import nothing'],
  ['server/version.ts', './config.ts', 'server/version.ts may import nothing'],
  ['server/open-store.ts', '../tests/support/prompts.ts', 'nothing outside tests/ imports it'],
  ['server/shared-outputs.ts', './sqlite/job-store.ts', 'not server/sqlite'],
  ['server/cli/planted.ts', '../../tests/support/prompts.ts', 'nothing outside tests/ imports it'],
  ['server/create-desk.ts', '../tests/support/prompts.ts', 'nothing outside tests/ imports it'],
  ['server/create-server.ts', '../app/server-api.ts', 'nothing outside app/ imports it'],
  ['server/index.ts', 'socket.io-client', 'only components/hooks imports socket.io-client'],
  ['server/library/planted.ts', '../../tests/support/prompts.ts', 'nothing outside tests/ imports it'],
  ['scripts/planted.mjs', '../server/config.ts', 'scripts may import nothing, not server/config.ts'],
  ['tests/integration/planted.ts', '../../app/page.tsx', 'nothing outside app/ imports it'],
] as const;

const OTHER_FORMS = {
  'server/jobs/form-dynamic.ts': "export const later = () => import('../comfy/pod-client.ts');\n",
  'server/jobs/form-again.ts': "export { ComfyUIPodClient } from '../comfy/pod-client.ts';\n",
  'server/jobs/form-all.ts': "export * from '../comfy/pod-client.ts';\n",
  'server/jobs/form-type.ts': "import type { Pod } from '../comfy/pod-client.ts';\nexport type Mine = Pod;\n",
  'server/jobs/form-inline-type.ts': "export type Mine = import('../comfy/pod-client.ts').Pod;\n",
};

const ENVIRONMENT = {
  'server/jobs/environment.ts': 'export const home = process.env.HOME;\n',
  'server/index.ts': "export const home = process['env'];\n",
  'lib/environment.ts': 'export const { HOME } = process.env;\n',
  'app/environment.ts': "import { env } from 'node:process';\nexport const home = env.HOME;\n",
};

const ALLOWED = {
  'lib/workflow/fine.ts': value('zod'),
  'app/jobs/fine.tsx': value('../../components/jobs/job-list.tsx') + "export * from '../server-api.ts';\n",
  'components/hooks/fine.ts': value('socket.io-client'),
  'components/jobs/fine.tsx': value('../hooks/use-live-job.ts') + "export * from '../ui/button.tsx';\n",
  'server/comfy/fine.ts': value('../jobs/pod-client.ts') + "export * from '../../lib/jobs/job.ts';\n",
  'server/comfy/fine.test.ts': value('../../tests/support/wait-until.ts') + "export * from '../demo-pod/picture.ts';\n",
  'server/library/fine.ts': value('../sqlite/job-store.ts'),
  'server/config.ts': 'export const home = process.env.HOME;\n',
  'server/jobs/fine.ts': value('node:crypto') + '// A line.\n'.repeat(398),
};

describe('the linter', () => {
  let planted: Finding[];
  let allowed: Finding[];
  const about = (path: string) => planted.filter((finding) => finding.filename === path);

  beforeAll(async () => {
    const rows = REFUSED.map(([path, specifier]) => [path, value(specifier)] as const);
    const merged: Record<string, string> = { ...Object.fromEntries(rows), ...OTHER_FORMS };
    for (const [path, text] of Object.entries(ENVIRONMENT)) merged[path] = (merged[path] ?? '') + text;
    merged['server/jobs/long.ts'] = '// A line.\n'.repeat(400) + 'export const last = 1;\n';
    planted = await lintPlanted(merged);
    allowed = await lintPlanted(ALLOWED);
  });

  it.each(REFUSED)('B180 refuses that %s imports %s', (path, specifier, why) => {
    const [first] = about(path).filter((finding) => finding.code === 'podium(imports)');
    expect(first?.message).toContain(`"${specifier}" is not imported here`);
    expect(first?.message).toContain(why);
  });

  it('B180 has a planted violation for every room', () => {
    const broken = REFUSED.map(([path]) => path);
    for (const room of Object.keys(ROOMS))
      expect(
        broken.some((path) => path === room || path.startsWith(`${room}/`)),
        room,
      ).toBe(true);
  });

  it.each(Object.keys(OTHER_FORMS))('B180 sees every form of an import: %s', (path) => {
    expect(about(path).map((finding) => finding.code)).toContain('podium(imports)');
  });

  it.each(Object.keys(ENVIRONMENT))('B181 refuses that %s reads the environment', (path) => {
    expect(about(path).map((finding) => finding.code)).toContain('podium(environment)');
  });

  it('B182 refuses a file of more than 400 lines', () => {
    expect(about('server/jobs/long.ts').map((finding) => finding.code)).toEqual(['eslint(max-lines)']);
  });

  it('finds nothing where every rule is kept', () => {
    expect(allowed).toEqual([]);
  });
});
