import { parseArgs } from 'node:util';
import { z } from 'zod';
import { UsageError } from './terminal.ts';

export const STORE_KINDS = ['sqlite', 'redis'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

export type Command =
  | { name: 'help' }
  | { name: 'convert'; file: string; pod?: string; objectInfo?: string }
  | { name: 'store:check' }
  | { name: 'store:copy'; from: StoreKind; to: StoreKind };

export const HELP = `Usage: podium <command>

  convert FILE [--pod URL]              print the prompt (API form) of a workflow, or of a picture, video or sound that
                                        carries one; inputs are named by what the pod says of its nodes, or by
                                        --object-info FILE, which holds what a pod answered to GET /object_info
  store:check                           look at the store that the settings name, and say what is unsafe about it
  store:copy --from sqlite --to redis   copy every job from the one store into the other, which must be empty
  store:copy --from redis --to sqlite   the same the other way
  help                                  this text

Settings come from the environment, as for the server: DATA_DIR says where SQLite's file is, REDIS_URL (or REDIS_HOST,
REDIS_PORT and REDIS_PASSWORD) where Redis is. In a checkout: npm run store:check, npm run store:copy -- --from … --to …

Exit code: 0 all is well, 1 it is not, as said; 2 the command line is wrong.
`;

const kind = z.enum(STORE_KINDS);

/** @throws UsageError with one sentence */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const [name, ...rest] = positionals;
  if (values.help || name === 'help' || name === undefined) return { name: 'help' };
  if (name === 'convert') return readConvert(rest, values);
  if (values.pod !== undefined || values['object-info'] !== undefined)
    throw new UsageError(`Only convert takes --pod and --object-info.`);
  if (rest.length > 0) throw new UsageError(`"${rest[0]}" is one word too many after ${name}.`);
  if (name === 'store:copy') {
    const sides = { from: kind.safeParse(values.from).data, to: kind.safeParse(values.to).data };
    const { from, to } = sides;
    if (!from || !to || from === to)
      throw new UsageError('store:copy needs both sides: --from sqlite --to redis, or --from redis --to sqlite.');
    return { name, from, to };
  }
  if (name !== 'store:check') throw new UsageError(`There is no command "${name}".`);
  if (values.from !== undefined || values.to !== undefined)
    throw new UsageError('store:check looks at the store that the settings name, and takes no --from or --to.');
  return { name };
}

function readConvert(files: readonly string[], values: ReturnType<typeof parse>['values']): Command {
  const { pod, 'object-info': objectInfo, from, to } = values;
  const [file] = files;
  if (file === undefined || files.length > 1) throw new UsageError('convert takes one file.');
  if (from !== undefined || to !== undefined) throw new UsageError('convert takes no --from or --to.');
  if (pod !== undefined && objectInfo !== undefined)
    throw new UsageError('convert takes --pod or --object-info, not both.');
  return { name: 'convert', file, ...(pod !== undefined && { pod }), ...(objectInfo !== undefined && { objectInfo }) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        pod: { type: 'string' },
        'object-info': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // The parser's sentences go on to explain Node's own conventions after the first full stop.
    const said = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${said.split('. ', 1)[0]?.replace(/\.$/, '')}.`);
  }
}
