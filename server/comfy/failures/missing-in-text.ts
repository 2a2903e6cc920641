import type { MissingThing } from '../../../lib/jobs/job-error.ts';
import type { Prompt } from '../../../lib/workflow/prompt.ts';
import { folderOf, isFileName, kindOfFile } from '../../../lib/workflow/model-folders.ts';

/** The node that failed, as far as it is known. */
export interface FailedNode {
  nodeId?: string | undefined;
  classType?: string | undefined;
  prompt: Prompt;
}

/** A file that a message names: its name within its folder, and the folder within ComfyUI where the path tells it. */
interface NamedFile {
  name: string;
  folder?: string;
}

const MODEL_IN_FOLDER = /model in folder '([^']{1,200})' with filename '([^']{1,500})' not found/i;
const NO_FILE_IN_FOLDER = /no file named .{1,300}? found in directory ([^\r\n]{1,800}?)\.?\s*$/im;
const HUB_NAME = /([\w.-]{1,100}(?:\/[\w.-]{1,100})?) is not a local folder and is not a valid model identifier/i;
const HUB_URL = /huggingface\.co\/(?:api\/models\/)?([\w.-]{1,100}\/[\w.-]{1,100})/i;
/** Python's way to tell of a file, whatever language the system speaks. */
const OS_ERROR = /\[(?:Errno|WinError) \d{1,4}\] [^'"\r\n]{1,200}: b?(['"])([^'"\r\n]{1,1000})\1/;
const QUOTED = /(?:directory|specified|open|found|file)[^'"\r\n]{0,40}[:\s](?:b)?(['"])([^'"\r\n]{1,1000})\1/i;
const AFTER_COLON = /: ((?:[A-Za-z]:)?[\\/]?[^\s:'"][^\r\n:'"]{0,800}\.\w{2,12})\b/;

/** The file that an exception's message names; undefined where it names none. */
export function fileInText(message: string): NamedFile | undefined {
  const inFolder = MODEL_IN_FOLDER.exec(message);
  if (inFolder?.[1] !== undefined && inFolder[2] !== undefined)
    return { name: inFolder[2], folder: `models/${inFolder[1]}` };
  const directory = NO_FILE_IN_FOLDER.exec(message)?.[1];
  if (directory !== undefined) return placed(directory);
  const hub = HUB_NAME.exec(message)?.[1] ?? HUB_URL.exec(message)?.[1];
  if (hub !== undefined) return { name: hub };
  const path = OS_ERROR.exec(message)?.[2] ?? QUOTED.exec(message)?.[2] ?? AFTER_COLON.exec(message)?.[1];
  return path === undefined ? undefined : placed(path);
}

/** A path taken apart: what stands before its folder of ComfyUI is the pod's own affair. */
function placed(path: string): NamedFile {
  const parts = path.split(/[\\/]+/).filter((part) => part !== '');
  const at = parts.findIndex((part) => /^(models|input|output|temp|custom_nodes)$/i.test(part));
  const depth = at >= 0 && /^(models|custom_nodes)$/i.test(parts[at] ?? '') ? 2 : 1;
  const within = at < 0 ? [] : parts.slice(at, at + depth);
  const name = at < 0 ? parts.at(-1) : parts.slice(at + depth).join('/');
  if (name === undefined || name === '') return { name: (parts.at(-1) ?? path).slice(0, 500) };
  return { name: name.slice(0, 500), ...(within.length > 0 && { folder: within.join('/').slice(0, 200) }) };
}

/** What a pod lacked when a node looked for a file; named by the message, or else by the only file the node names. */
export function missingFile(message: string, node: FailedNode): MissingThing | undefined {
  const named = fileInText(message);
  const own = filesOf(node);
  const input = named === undefined ? own[0] : own.find(({ name }) => sameFile(name, named.name));
  if (named === undefined && own.length !== 1) return undefined;
  const name = input?.name ?? named?.name;
  if (name === undefined) return undefined;
  const folder = named?.folder ?? folderOf(node.classType, input?.input);
  return {
    kind: kindOfFile(name, folder),
    name,
    ...(node.nodeId && { nodeId: node.nodeId.slice(0, 200) }),
    ...(node.classType && { classType: node.classType.slice(0, 200) }),
    ...(input && { input: input.input }),
    ...(folder !== undefined && { folder }),
  };
}

/** The file that a node was about when it failed: the one its message names, or the only one among its inputs. */
export function fileAtHand(message: string, node: FailedNode): string | undefined {
  const named = fileInText(message)?.name;
  if (named !== undefined && isFileName(named)) return named;
  const own = filesOf(node);
  return own.length === 1 ? own[0]?.name : undefined;
}

function filesOf({ nodeId, prompt }: FailedNode): { input: string; name: string }[] {
  const inputs = nodeId !== undefined && Object.hasOwn(prompt, nodeId) ? (prompt[nodeId]?.inputs ?? {}) : {};
  return Object.entries(inputs).flatMap(([input, value]) =>
    typeof value === 'string' && isFileName(value) && input.length <= 200 ? [{ input, name: value.slice(0, 500) }] : [],
  );
}

/** `SDXL\a.safetensors` of the prompt and `SDXL/a.safetensors` of a path are one file. */
function sameFile(a: string, b: string): boolean {
  const plain = (name: string) => name.replaceAll(/[\\/]+/g, '/');
  return plain(b).endsWith(plain(a)) || plain(a).endsWith(plain(b));
}
