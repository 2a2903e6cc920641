import type { FlatNode } from './flat-graph.ts';
import { titleOf } from './node-kind.ts';

/** Classes whose file name the editor fills in. Source: ComfyUI's frontend 1.35.9. */
const SAVING = new Set([
  ...['SaveImage', 'SaveVideo', 'SaveAnimatedWEBP', 'SaveWEBM', 'SaveAudio', 'SaveGLB', 'SaveAnimatedPNG'],
  ...['CLIPSave', 'VAESave', 'ModelSave', 'LoraSave', 'SaveLatent'],
]);
/** What a file name must not have. */
// oxlint-disable-next-line no-control-regex -- control characters are what is to be found
const UNFIT = /[/?<>\\:*|"\u0000-\u001F\u007F]/g;

/** Parts of a date, and what the pod itself puts in for them as it saves. Source: `compute_vars` of ComfyUI. */
const DATE_PARTS: ReadonlyMap<string, string> = new Map([
  ['y', '%year%'],
  ['M', '%month%'],
  ['d', '%day%'],
  ['h', '%hour%'],
  ['m', '%minute%'],
  ['s', '%second%'],
]);

/** Whether a widget is a file name with places to fill in. */
export function isFileName({ read }: FlatNode, widget: string): boolean {
  return widget === 'filename_prefix' && SAVING.has(read.classType);
}

/** Fills in `%Title.widget%` with what that node's widget shows, and `%date:…%` with what the pod replaces as it saves. */
export class FileNames {
  private byName: ReadonlyMap<string, FlatNode> | undefined;

  constructor(private readonly nodes: readonly FlatNode[]) {}

  fill(text: string): string {
    return text.replace(/%([^%]+)%/g, (whole, place: string) => {
      const [name = '', widgetName, ...more] = place.split('.');
      if (widgetName === undefined || more.length > 0)
        return name.startsWith('date:') ? dateParts(name.slice('date:'.length)) : whole;
      const widget = this.find(name)?.read.widgets.find((one) => one.name === widgetName);
      return widget ? String(widget.value ?? '').replaceAll(UNFIT, '_') : whole;
    });
  }

  /** The first node that is called so for this very purpose, else the first of that title. */
  private find(name: string): FlatNode | undefined {
    this.byName ??= new Map([
      ...this.nodes.map((node) => [titleOf(node.read), node] as const).toReversed(),
      ...this.nodes.flatMap((node) => callNames(node).map((one) => [one, node] as const)).toReversed(),
    ]);
    return this.byName.get(name);
  }
}

function callNames({ read }: FlatNode): string[] {
  const name = read.node.properties['Node name for S&R'];
  return typeof name === 'string' ? [name] : [];
}

function dateParts(format: string): string {
  return format.replace(/yyy?y?|MM?|dd?|hh?|mm?|ss?/g, (part) => DATE_PARTS.get(part[0] ?? '') ?? part);
}
