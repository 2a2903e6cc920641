/** Stands where something was taken out. */
const CUT = '…';

/** Names under which secrets travel: in queries, headers, JSON and Python's way to print a dict. */
const SECRET_NAME =
  '(?:[\\w-]{0,40}(?:api[_-]?key|apikey|auth[_-]?token|access[_-]?token|secret|passwd|password|signature|credential)[\\w-]{0,40}|token|sig|pwd)';

const SECRETS: readonly [RegExp, string][] = [
  [/\b(https?|wss?):\/\/[^\s/@"']{1,300}@/gi, `$1://${CUT}@`],
  [/\b((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?)[^\r\n"',;}]{1,600}/gi, `$1${CUT}`],
  [/\b(bearer)(\s{1,3})[\w.~+/=-]{8,}/gi, `$1$2${CUT}`],
  [/\b(basic|token)(\s{1,3})(?=[\w.~+/=-]{0,100}\d)[\w.~+/=-]{16,}/gi, `$1$2${CUT}`],
  [new RegExp(`\\b(${SECRET_NAME}["']?\\s{0,3}[:=]\\s{0,3}["']?)(?!\\s)[^\\s"'&,;)}\\]]{3,600}`, 'gi'), `$1${CUT}`],
  [/([?&](?:key|code|auth|policy|x-amz-[\w-]{1,40}|x-goog-[\w-]{1,40})=)[^\s&"'#]{1,600}/gi, `$1${CUT}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, CUT],
  [/\b(?:hf|r8|gsk|rpa|glpat|pplx|xai|nvapi|tgp)[_-][\w-]{16,}/g, CUT],
  [/\b(?:gh[opsur]_|github_pat_)\w{16,}/g, CUT],
  [/\b(?:sk|pk|rk)-[\w-]{16,}/g, CUT],
  [/\bcomfyui-[0-9a-f]{32,}/g, CUT],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, CUT],
  [/\bAIza[\w-]{30,}/g, CUT],
  [/\bxox[abpr]-[\w-]{10,}/g, CUT],
];

/** Folders and files that lie directly in a ComfyUI folder. */
const IN_COMFYUI =
  'custom_nodes|models|input|output|temp|user|comfy|comfy_extras|comfy_execution|comfy_api|comfy_api_nodes|comfy_config|app|api_server|middleware|utils|(?:execution|nodes|main|server|folder_paths|latent_preview|node_helpers|cuda_malloc|protocol)\\.py';
const COMFYUI_FOLDER = new RegExp(
  `^.*?[\\\\/][^\\\\/]*comfy[^\\\\/]*([\\\\/]{1,2})(?=(?:${IN_COMFYUI})(?:[\\\\/]|$))`,
  'i',
);
const ANY_FOLDER = new RegExp(`^.*?([\\\\/]{1,2})(?=(?:custom_nodes|models|comfy_extras|comfy)[\\\\/])`, 'i');
const COMFYUI_ITSELF = /^.*[\\/](ComfyUI[\\/].+|ComfyUI)$/i;
const PACKAGES = /^.*[\\/](?=(?:site|dist)-packages[\\/])/i;
const PYTHON = /^.*[\\/](?=python[\d.]*[\\/])/i;

/** A path of the pod without what lies before ComfyUI, its packages or its file. */
function shortPath(path: string): string {
  if (PACKAGES.test(path)) return path.replace(PACKAGES, '');
  if (COMFYUI_FOLDER.test(path)) return path.replace(COMFYUI_FOLDER, 'ComfyUI$1');
  if (ANY_FOLDER.test(path)) return path.replace(ANY_FOLDER, 'ComfyUI$1');
  if (COMFYUI_ITSELF.test(path)) return path.replace(COMFYUI_ITSELF, '$1');
  if (PYTHON.test(path)) return path.replace(PYTHON, '');
  return `${CUT}/${path.split(/[\\/]+/).findLast((part) => part !== '') ?? ''}`;
}

/** Between quotes a path may hold spaces; elsewhere it ends at one. */
const QUOTED_PATH = /(["'])((?:[A-Za-z]:[\\/]|\/(?!\/)|\\\\)[^"'\r\n]{2,1000})\1/g;
const DRIVE_PATH = /(?<![\w…])[A-Za-z]:[\\/][^\s"'<>|*?]{2,1000}/g;
const ROOT_PATH = /(?<![\w/.~…-])\/(?!\/)[\w.@+~-]{1,200}(?:\/[^\s"'<>|:*?,;()[\]{}/]{0,300}){1,60}/g;

/**
 * A text of a pod without secrets (tokens, keys, passwords of URLs) and without the pod's own folders: `…` stands for a
 * secret, and paths begin at the ComfyUI folder or the folder of Python's packages.
 */
export function redacted(text: string): string {
  const safe = SECRETS.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);
  if (!/[\\/]/.test(safe)) return safe;
  return safe
    .replace(QUOTED_PATH, (_whole, quote: string, path: string) => `${quote}${shortPath(path)}${quote}`)
    .replace(DRIVE_PATH, shortPath)
    .replace(ROOT_PATH, shortPath);
}
