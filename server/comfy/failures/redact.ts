/** Stands where something was taken out. */
const CUT = '…';

/** Names under which secrets travel: in queries, headers, JSON and Python's way to print a dict. */
const SECRET_NAME =
  '(?:[\\w-]{0,40}(?:api[_-]?key|apikey|auth[_-]?token|access[_-]?token|secret|passwd|password|signature|credential)[\\w-]{0,40}|token|sig|pwd)';

interface Secret {
  /** In lower case; the text is searched only where one of these is in it. */
  signs: readonly string[];
  pattern: RegExp;
  instead: string;
}

const SECRETS: readonly Secret[] = [
  { signs: ['://'], pattern: /\b(https?|wss?):\/\/[^\s/@"']{1,300}@/gi, instead: `$1://${CUT}@` },
  {
    signs: ['authorization'],
    pattern: /\b((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?)[^\r\n"',;}]{1,600}/gi,
    instead: `$1${CUT}`,
  },
  { signs: ['bearer'], pattern: /\b(bearer)(\s{1,3})[\w.~+/=-]{8,}/gi, instead: `$1$2${CUT}` },
  {
    signs: ['basic', 'token'],
    pattern: /\b(basic|token)(\s{1,3})(?=[\w.~+/=-]{0,100}\d)[\w.~+/=-]{16,}/gi,
    instead: `$1$2${CUT}`,
  },
  {
    signs: ['key', 'token', 'secret', 'passw', 'pwd', 'sig', 'credential'],
    pattern: new RegExp(`\\b(${SECRET_NAME}["']?\\s{0,3}[:=]\\s{0,3}["']?)(?!\\s)[^\\s"'&,;)}\\]]{3,600}`, 'gi'),
    instead: `$1${CUT}`,
  },
  {
    signs: ['key=', 'code=', 'auth=', 'policy=', 'x-amz-', 'x-goog-'],
    pattern: /([?&](?:key|code|auth|policy|x-amz-[\w-]{1,40}|x-goog-[\w-]{1,40})=)[^\s&"'#]{1,600}/gi,
    instead: `$1${CUT}`,
  },
  { signs: ['eyj'], pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, instead: CUT },
  {
    signs: ['hf_', 'r8_', 'gsk_', 'rpa_', 'glpat-', 'pplx-', 'xai-', 'nvapi-', 'tgp_'],
    pattern: /\b(?:hf|r8|gsk|rpa|glpat|pplx|xai|nvapi|tgp)[_-][\w-]{16,}/g,
    instead: CUT,
  },
  {
    signs: ['gho_', 'ghp_', 'ghs_', 'ghu_', 'ghr_', 'github_pat_'],
    pattern: /\b(?:gh[opsur]_|github_pat_)\w{16,}/g,
    instead: CUT,
  },
  { signs: ['sk-', 'pk-', 'rk-'], pattern: /\b(?:sk|pk|rk)-[\w-]{16,}/g, instead: CUT },
  { signs: ['comfyui-'], pattern: /\bcomfyui-[0-9a-f]{32,}/g, instead: CUT },
  { signs: ['akia', 'asia'], pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, instead: CUT },
  { signs: ['aiza'], pattern: /\bAIza[\w-]{30,}/g, instead: CUT },
  { signs: ['xox'], pattern: /\bxox[abpr]-[\w-]{10,}/g, instead: CUT },
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
  const lower = text.toLowerCase();
  const safe = SECRETS.filter(({ signs }) => signs.some((sign) => lower.includes(sign))).reduce(
    (left, { pattern, instead }) => left.replace(pattern, instead),
    text,
  );
  if (!/[\\/]/.test(safe)) return safe;
  return safe
    .replace(QUOTED_PATH, (_whole, quote: string, path: string) => `${quote}${shortPath(path)}${quote}`)
    .replace(DRIVE_PATH, shortPath)
    .replace(ROOT_PATH, shortPath);
}
