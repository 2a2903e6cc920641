import type { GraphLevel } from './graph-level.ts';
import type { Widget } from './widget-values.ts';

/** Puts the value of each PrimitiveNode into the widgets it is linked to, as the editor does before it exports. */
export function applyPrimitives(level: Pick<GraphLevel, 'nodes' | 'links'>): void {
  const primitives = new Set(
    [...level.nodes.values()].filter(({ kind }) => kind === 'primitive').map(({ node }) => node.id),
  );
  if (primitives.size === 0) return;
  for (const { slots, widgets } of level.nodes.values())
    for (const { link, widget: name } of slots) {
      const from = link === null || name === undefined ? undefined : level.links.get(link);
      if (!from || !primitives.has(from.fromNode)) continue;
      const values = level.nodes.get(from.fromNode)?.node.widgets_values;
      const widget = widgets.find((one) => one.name === name);
      if (widget && Array.isArray(values) && values.length > 0) widget.value = inRange(values[0], widget);
    }
}

/** Numbers are rounded to the step of the widget, and kept within its range. Source: ComfyUI's frontend. */
function inRange(value: unknown, { input }: Widget): unknown {
  if (typeof value !== 'number' || !input) return value;
  const { step, min, max, round } = input.options;
  if (input.type === 'INT') {
    const by = typeof step === 'number' && step > 0 ? step : 1;
    const offset = typeof min === 'number' && by !== 1 ? min % by : 0;
    return Math.round((value - offset) / by) * by + offset;
  }
  if (input.type !== 'FLOAT' || round === false) return value;
  const by = typeof step === 'number' && step > 0 ? step : 0.5;
  const decimals = Math.max(0, -Math.floor(Math.log10(by)));
  const unit = typeof round === 'number' && round > 0 ? round : decimals > 0 ? 10 ** -decimals : 0;
  if (unit === 0) return value;
  const rounded = Number((Math.round(value / unit) * unit).toFixed(Math.min(100, Math.max(decimals, 0))));
  const least = typeof min === 'number' ? min : 0;
  const most = typeof max === 'number' ? max : 2048;
  return Math.min(most, Math.max(least, rounded));
}
