import type { NodeDef } from '../catalog/node-catalog.ts';
import type { EditorNode } from '../editor/editor-workflow.ts';
import type { ClassShape } from './class-shape.ts';
import type { WidgetDef } from './class-widgets.ts';

/** A widget of one node, with what the file says it shows. */
export interface Widget extends WidgetDef {
  value: unknown;
}

/** The widgets of a node of a known class, with the values that the file gives them by place, or by name. */
export function readWidgets(node: EditorNode, { def, widgets: defs }: ClassShape): Widget[] {
  const given = node.widgets_values;
  const values = Array.isArray(given) ? withoutForcedInputs(given, defs, def) : given;
  const widgets: Widget[] = [];
  const waiting = defs.toReversed();
  let place = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const widget = { ...next, value: next.initial };
    widgets.push(widget);
    if (!Array.isArray(values)) {
      if (Object.hasOwn(values, next.name)) widget.value = values[next.name];
    } else if (next.saved && place < values.length) {
      widget.value = next.input?.options['multiline'] === true ? asTextArea(values[place]) : values[place];
      place += 1;
    }
    if (next.name === 'sampler_name') widget.value = currentSampler(widget.value);
    if (next.brings) waiting.push(...next.brings(widget.value).toReversed());
  }
  return widgets;
}

/** Files of ComfyUI's first days write samplers with a prefix. Source: ComfyUI's frontend. */
function currentSampler(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('sample_') ? value.slice('sample_'.length) : value;
}

/** A field of several lines holds text alone, whatever it is given. */
function asTextArea(value: unknown): unknown {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' && !Array.isArray(value) ? value : String(value);
}

/**
 * Files of former versions have a value for each input that is forced to be a socket now, but only where there are just
 * as many values as there were widgets; seeds counted two. Source: ComfyUI's frontend, which drops them as we do.
 */
function withoutForcedInputs(values: unknown[], defs: readonly WidgetDef[], def: NodeDef): unknown[] {
  if (!def.inputs.some(({ options }) => options['forceInput'] === true)) return values;
  const names = new Set(defs.map(({ name }) => name));
  const former = def.inputs.filter(({ name, options }) => names.has(name) || options['forceInput'] === true);
  const places = former.reduce((sum, { name, options }) => {
    const hasControl = options['control_after_generate'] === true || name === 'seed' || name === 'noise_seed';
    return sum + (hasControl ? 2 : 1);
  }, 0);
  return places === values.length ? values.filter((_, at) => former[at]?.options['forceInput'] !== true) : values;
}
