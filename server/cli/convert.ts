import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { readCatalog, type NodeCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import { convertWorkflow } from '../../lib/workflow/convert/convert-workflow.ts';
import type { Converted } from '../../lib/workflow/convert/converted.ts';
import type { ByteSource } from '../../lib/workflow/intake/intake.ts';
import { isObject } from '../../lib/is-object.ts';
import { readWorkflowFile } from '../../lib/workflow/intake/read-workflow-file.ts';
import { parseTolerantJson } from '../../lib/tolerant-json.ts';
import { ComfyUIPodClient } from '../comfy/pod-client.ts';
import { PodCallError } from '../jobs/pod-client.ts';
import type { Command } from './command-line.ts';
import { Refusal, UsageError, type Terminal } from './terminal.ts';

/** Largest `object_info` read from a file, bytes: as from a pod. */
const MAX_OBJECT_INFO = 64_000_000;

/** Prints the prompt that a workflow file comes to, as JSON and nothing else; what a person should know goes to stderr. */
export async function convert(command: Extract<Command, { name: 'convert' }>, terminal: Terminal): Promise<number> {
  const found = await withFile(command.file, async (file) => readWorkflowFile(await sourceOf(file, command.file)));
  if (!found.ok) throw new Refusal(found.message);
  const { editor, prompt, notes } = found.found;
  const say = (sentence: string) => terminal.stderr.write(`${sentence}\n`);
  for (const note of notes) say(note);
  if (prompt) return print(prompt, terminal);
  if (!editor) throw new Refusal('The file holds no workflow.');
  const catalog = await catalogOf(command);
  if (!catalog)
    say('Without --pod or --object-info the inputs’ names are known only as far as the file itself says them.');
  const converted = convertWorkflow(editor, catalog ?? readCatalog({}));
  for (const sentence of [...converted.notes, ...(catalog ? unknownNodes(converted) : [])]) say(sentence);
  if (Object.keys(converted.prompt).length === 0) throw new Refusal('The workflow has no node that a pod would run.');
  return print(converted.prompt, terminal);
}

function print(prompt: Converted['prompt'], terminal: Terminal): number {
  terminal.stdout.write(`${JSON.stringify(prompt, null, 2)}\n`);
  return 0;
}

function unknownNodes({ unknown }: Converted): string[] {
  return unknown.map(
    ({ nodeId, classType }) => `The pod does not have the node “${classType}” (node ${nodeId}); it is in the prompt.`,
  );
}

/** What the inputs of node classes are called; undefined where nobody is to be asked. */
async function catalogOf({ pod, objectInfo }: { pod?: string; objectInfo?: string }): Promise<NodeCatalog | undefined> {
  if (objectInfo !== undefined) return withFile(objectInfo, (file) => catalogIn(file, objectInfo));
  if (pod === undefined) return undefined;
  const client = podAt(pod);
  try {
    return readCatalog((await client.nodeInfo()).parse());
  } catch (error) {
    if (error instanceof PodCallError) throw new Refusal(error.message, { cause: error });
    throw error;
  } finally {
    await client.close();
  }
}

function podAt(baseUrl: string): ComfyUIPodClient {
  try {
    return new ComfyUIPodClient({ baseUrl });
  } catch {
    throw new UsageError('--pod takes the address of a pod, such as http://127.0.0.1:8188.');
  }
}

async function catalogIn(file: FileHandle, path: string): Promise<NodeCatalog> {
  const { size } = await file.stat();
  if (size > MAX_OBJECT_INFO) throw new Refusal(`${path} is larger than ${MAX_OBJECT_INFO / 1_000_000} MB.`);
  const classes = parsed(await file.readFile('utf8'));
  if (!isObject(classes)) throw new Refusal(`${path} is not what a pod answers to GET /object_info.`);
  return readCatalog(classes);
}

function parsed(text: string): unknown {
  try {
    return parseTolerantJson(text);
  } catch {
    return undefined;
  }
}

async function withFile<T>(path: string, read: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be opened (${String(code)}).`;
    throw new Refusal(why, { cause: error });
  });
  try {
    if (!(await file.stat()).isFile()) throw new Refusal(`${path} is not a file.`);
    return await read(file);
  } finally {
    await file.close();
  }
}

async function sourceOf(file: FileHandle, path: string): Promise<ByteSource> {
  const { size } = await file.stat();
  return {
    size,
    name: basename(path),
    async read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    },
  };
}
