import clsx from 'clsx';
import { fieldOfWidget, type DisplayNode, type DisplayWidget } from '../../lib/workflow/graph/display-graph.ts';
import { useShownValue } from './edit-context.ts';
import { typeColour, typeOf } from './link-colours.ts';
import { isLongValue, SLOT_PX, WIDGET_PX, type PlacedNode } from './node-box.ts';

/** What a node holds under its title: slots, widgets with their values, or a note's text. */
export function NodeBody({ node }: { node: PlacedNode }) {
  if (node.kind === 'note')
    return <p className="min-h-0 flex-1 overflow-hidden p-2 text-xs whitespace-pre-wrap">{node.text}</p>;
  if (node.kind === 'reroute') return <Reroute node={node} />;
  const rows = Math.max(node.inputs.length, node.outputs.length);
  return (
    <div className="flex min-h-0 flex-1 flex-col pt-1 text-xs">
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} style={{ height: SLOT_PX }} className="flex shrink-0 items-center justify-between gap-3">
          <Slot slot={node.inputs[at]} />
          <Slot slot={node.outputs[at]} isOutput />
        </div>
      ))}
      {node.widgets.map((widget, at) => (
        <Widget key={`${at} ${widget.name}`} widget={widget} field={fieldOfWidget(node, widget)} />
      ))}
    </div>
  );
}

function Slot({ slot, isOutput = false }: { slot: DisplayNode['inputs'][number] | undefined; isOutput?: boolean }) {
  if (!slot) return <span />;
  return (
    <span className={clsx('flex min-w-0 items-center gap-1.5', isOutput && 'flex-row-reverse')}>
      <Dot slot={slot} className={isOutput ? '-mr-1' : '-ml-1'} />
      <span className="truncate opacity-80">{slot.name}</span>
    </span>
  );
}

function Dot({ slot, className }: { slot: DisplayNode['inputs'][number]; className?: string }) {
  const colour = typeColour(typeOf(slot.type, slot.name));
  return (
    <span
      style={{ borderColor: colour, ...(slot.linked && { backgroundColor: colour }) }}
      className={clsx('size-2.5 shrink-0 rounded-full border-2', className)}
    />
  );
}

/** Its shape is that of the workflow's own value, by which the node has its size. */
function Widget({ widget, field }: { widget: DisplayWidget; field: string }) {
  const value = useShownValue(field, widget.value);
  if (isLongValue(widget.value))
    return (
      <p
        style={{ minHeight: WIDGET_PX }}
        className="mx-2 mb-1 min-h-0 flex-1 overflow-hidden rounded bg-page/60 px-1.5 py-0.5 break-words whitespace-pre-wrap text-ink"
      >
        {value}
      </p>
    );
  return (
    <p
      style={{ height: WIDGET_PX - 4 }}
      className="mx-2 mb-1 flex shrink-0 items-center justify-between gap-2 rounded bg-page/60 px-1.5 text-ink"
    >
      <span className="truncate text-muted">{widget.name}</span>
      <span className="truncate">{value}</span>
    </p>
  );
}

function Reroute({ node }: { node: PlacedNode }) {
  const slot = node.outputs[0] ?? node.inputs[0];
  return <div className="grid flex-1 place-items-center">{slot && <Dot slot={slot} />}</div>;
}
