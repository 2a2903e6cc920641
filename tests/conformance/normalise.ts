import { parseTolerant } from './python-literals.ts';

const TIMES = new Set(['timestamp', 'create_time', 'execution_start_time', 'execution_end_time']);
/** Written from Python's sets, which have no order. */
const SETS = new Set(['executed', 'current_outputs', 'nodes', 'dependent_outputs']);

/** A body or frame without what differs between two runs: times, tracebacks, pixels, sizes of memory. */
export function normalise(text: string | undefined): unknown {
  if (text === undefined || text === '') return text ?? '';
  try {
    return strip(parseTolerant(text), '');
  } catch {
    return text;
  }
}

function strip(value: unknown, key: string): unknown {
  if (TIMES.has(key) && typeof value === 'number') return 'time';
  if (key === 'devices' || key === 'system') return shape(value);
  if (key === 'traceback' && Array.isArray(value)) return value.length > 0 ? 'traceback' : [];
  if (SETS.has(key) && Array.isArray(value)) return value.toSorted();
  if (key === 'input_config' && Array.isArray(value) && isModelList(value[0])) return ['models', ...value.slice(1)];
  if (typeof value === 'string' && value.startsWith('ckpt_name:')) return value.replace(/\[.*\]$/, 'models');
  if (typeof value === 'string' && value.startsWith('tensor(')) return 'tensor';
  if (Array.isArray(value)) return value.map((item) => strip(item, ''));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, strip(field, name)]));
}

/** The names alone: a pod's machine is its own. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  return typeof value === 'object' && value !== null ? Object.keys(value).toSorted() : value;
}

/** The files of a model folder, which are each pod's own. */
function isModelList(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && name.endsWith('.safetensors'));
}

/** What a binary frame says of itself: its kind, its format or metadata, and how its picture begins. */
export function describeBinary(frame: Buffer): unknown {
  const kind = frame.readUInt32BE(0);
  if (kind !== 4) return { kind, format: frame.readUInt32BE(4), picture: frame.subarray(8, 11).toString('hex') };
  const length = frame.readUInt32BE(4);
  const metadata: unknown = JSON.parse(frame.subarray(8, 8 + length).toString());
  return { kind, metadata, picture: frame.subarray(8 + length, 11 + length).toString('hex') };
}
