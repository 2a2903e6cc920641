import type { EditorNode } from '../editor/editor-workflow.ts';
import { isObject } from '../../is-object.ts';
import type { Widget } from './widget-values.ts';

const CONTROLS = new Set(['fixed', 'increment', 'decrement', 'randomize', 'increment-wrap']);

/**
 * What the file says of the values of a node whose class nobody knows. Names are only in files of newer editors, or
 * where the values are kept by name; a control behind a seed has a value and no name.
 */
export function readUnknownWidgets(node: EditorNode): Widget[] {
  const given = node.widgets_values;
  if (!Array.isArray(given)) return Object.entries(given).map(([name, value]) => widgetOf(name, value));
  const names = node.inputs.flatMap(({ widget }) => (widget ? [widget.name] : []));
  const widgets: Widget[] = [];
  let place = 0;
  for (const name of names) {
    if (widgets.some((one) => one.name === name)) continue;
    if (place >= given.length) break;
    widgets.push(widgetOf(name, given[place]));
    place += 1;
    const isControl = typeof given[place] === 'string' && CONTROLS.has(String(given[place]));
    if (isControl && given.length - place > names.length - widgets.length) place += 1;
  }
  return widgets;
}

function widgetOf(name: string, value: unknown): Widget {
  // An object would hold what only the pack's own editor code understands, as a preview of a video.
  return { name, value, initial: undefined, saved: true, sent: !isObject(value) };
}
