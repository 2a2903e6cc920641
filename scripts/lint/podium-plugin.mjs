import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CLOSED_ROOMS, ENVIRONMENT_READERS, ONLY_IN, ROOMS } from './rooms.mjs';

const ROOM_NAMES = Object.keys(ROOMS).sort((a, b) => b.length - a.length);
const TEST_FILE = /\.test\.tsx?$/;
const TEST_PACKAGES = ['vitest', 'fast-check'];

const within = (path, folder) => path === folder || path.startsWith(`${folder}/`);
const roomOf = (path) => ROOM_NAMES.find((room) => within(path, room));
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * Why `from` may not import `specifier`, or undefined where it may.
 * @param {string} from path of the importing file, from the project's root, with forward slashes
 * @param {string} specifier as written
 */
export function refusal(from, specifier) {
  const room = roomOf(from);
  if (room === undefined) return undefined;
  const rule = ROOMS[room];
  const isTest = TEST_FILE.test(from);
  if (specifier.startsWith('.')) {
    const target = join(dirname(from), specifier).split(sep).join('/');
    const closed = CLOSED_ROOMS.find((folder) => within(target, folder));
    if (closed && !within(from, closed) && !(isTest && closed === 'tests'))
      return `nothing outside ${closed}/ imports it`;
    const targetRoom = roomOf(target);
    if (isTest || targetRoom === room || rule.rooms.includes('*')) return undefined;
    if (targetRoom !== undefined && rule.rooms.includes(targetRoom)) return undefined;
    return `${room} may import ${listed(rule.rooms)}, not ${targetRoom ?? target}`;
  }
  if (isBuiltin(specifier))
    return /^(lib|app|components)\b/.test(room) && !isTest
      ? `${room} also runs in browsers, which have no ${specifier}`
      : undefined;
  const name = packageOf(specifier);
  if (isTest && TEST_PACKAGES.includes(name)) return undefined;
  const only = ONLY_IN[name];
  if (only && !only.some((folder) => within(from, folder))) return `only ${only[0]} imports ${name}`;
  if (isTest || rule.packages.includes('*') || rule.packages.includes(name)) return undefined;
  return `${room} may import the packages ${listed(rule.packages)}, not ${name}`;
}

const listed = (names) => (names.length === 0 ? 'nothing' : names.join(', '));

const fromRoot = (context) =>
  relative(resolve(import.meta.dirname, '../..'), context.physicalFilename)
    .split(sep)
    .join('/');

const imports = {
  create(context) {
    const from = fromRoot(context);
    const check = (node) => {
      const specifier = node?.value ?? node?.literal?.value;
      if (typeof specifier !== 'string') return;
      const why = refusal(from, specifier);
      if (why) context.report({ node, message: `"${specifier}" is not imported here: ${why}.` });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument),
    };
  },
};

const environment = {
  create(context) {
    const from = fromRoot(context);
    if (ENVIRONMENT_READERS.some((place) => within(from, place)) || TEST_FILE.test(from)) return {};
    const report = (node) =>
      context.report({ node, message: 'Only server/config.ts reads the environment: take the value as an argument.' });
    return {
      MemberExpression(node) {
        const name = node.computed ? node.property.value : node.property.name;
        if (node.object.type === 'Identifier' && node.object.name === 'process' && name === 'env') report(node);
      },
      ImportDeclaration(node) {
        if (!/^(node:)?process$/.test(node.source.value)) return;
        if (node.specifiers.some((item) => item.imported?.name === 'env')) report(node);
      },
    };
  },
};

export default { meta: { name: 'podium' }, rules: { imports, environment } };
