/**
 * Who may import whom. A room is a folder (the longest one that fits counts) or a single file.
 * `rooms`: the rooms it may import besides itself; `packages`: the packages it may import.
 * `['*']` is every package except those that `ONLY_IN` keeps for one room.
 */
export const ROOMS = {
  lib: { rooms: [], packages: ['zod'] },
  app: {
    rooms: ['components', 'components/hooks', 'components/ui', 'lib'],
    packages: ['next', 'react', 'react-dom', 'lucide-react'],
  },
  components: {
    rooms: ['components/graph', 'components/hooks', 'components/ui', 'lib'],
    packages: ['next', 'react', 'react-dom', 'clsx', 'lucide-react'],
  },
  'components/ui': { rooms: [], packages: ['react', 'react-dom', 'clsx', 'lucide-react'] },
  'components/graph': {
    rooms: ['components/ui', 'lib'],
    packages: ['next', 'react', 'clsx', 'lucide-react', '@xyflow/react', '@dagrejs/dagre'],
  },
  'components/hooks': { rooms: ['lib'], packages: ['react', 'next', 'socket.io-client'] },
  'server/jobs': { rooms: ['lib'], packages: ['zod'] },
  'server/comfy': { rooms: ['lib', 'server/jobs'], packages: ['zod', 'ws', 'undici'] },
  'server/sqlite': { rooms: ['lib', 'server/jobs'], packages: ['zod', 'better-sqlite3'] },
  'server/redis': { rooms: ['lib', 'server/jobs'], packages: ['zod', 'ioredis'] },
  'server/relay': { rooms: ['lib', 'server/jobs'], packages: ['zod', 'socket.io'] },
  // What every store of files needs: told by content, written whole, safely named.
  'server/files': { rooms: ['lib'], packages: ['file-type'] },
  'server/outputs': { rooms: ['lib', 'server/files', 'server/jobs'], packages: ['zod', 'sharp'] },
  'server/uploads': { rooms: ['lib', 'server/files', 'server/jobs'], packages: ['zod'] },
  'server/http': {
    rooms: ['lib', 'server/jobs'],
    packages: ['zod', 'hono', '@hono/zod-openapi', '@hono/node-server', 'prom-client', 'rate-limiter-flexible'],
  },
  'server/demo-pod': { rooms: ['lib', 'server/jobs'], packages: ['zod', 'ws', 'sharp'] },
  'server/config.ts': { rooms: ['lib'], packages: ['zod'] },
  'server/pages.ts': { rooms: [], packages: ['next'] },
  'server/version.ts': { rooms: [], packages: [] },
  'server/open-store.ts': { rooms: ['*'], packages: ['*'] },
  'server/shared-outputs.ts': { rooms: ['lib', 'server/jobs', 'server/outputs'], packages: [] },
  'server/create-desk.ts': { rooms: ['*'], packages: ['*'] },
  'server/create-server.ts': { rooms: ['*'], packages: ['*'] },
  'server/index.ts': { rooms: ['*'], packages: ['*'] },
  'server/cli': { rooms: ['*'], packages: ['*'] },
  'server/library': { rooms: ['*'], packages: ['*'] },
  scripts: { rooms: [], packages: ['*'] },
  tests: { rooms: ['*'], packages: ['*'] },
};

/** Folders that nothing outside themselves imports, whatever a room's row says. */
export const CLOSED_ROOMS = ['app', 'tests'];

/** Packages that live in one room alone, wherever else `*` is allowed. */
export const ONLY_IN = { 'socket.io-client': ['components/hooks', 'tests'] };

/** The only file of the product that reads the environment; tests and scripts are not the product. */
export const ENVIRONMENT_READERS = ['server/config.ts', 'tests', 'scripts', 'vitest.pod.config.ts'];
