import type { InputDef, NodeDef } from '../catalog/node-catalog.ts';
import type { EditorNode } from '../editor/editor-workflow.ts';
import { isWidgetInput, isWidgetType, widgetsOf, type WidgetDef } from './class-widgets.ts';

const AUTOGROW = 'COMFY_AUTOGROW_V3';

/** What all nodes of one class have in common, unless a file says more of one. */
export interface ClassShape {
  def: NodeDef;
  widgets: readonly WidgetDef[];
  sockets: readonly InputDef[];
  /** Inputs that stand for widgets. */
  widgetInputs: readonly InputDef[];
}

/** Finds the shape of each class once: a workflow may have thousands of nodes of one. */
export class ClassShapes {
  private readonly known = new Map<NodeDef, ClassShape>();

  of(def: NodeDef, node: EditorNode): ClassShape {
    if (def.inputs.some((input) => !isWidgetType(input) && isWidgetInput(input, node))) return shapeOf(def, node);
    const shape = this.known.get(def) ?? shapeOf(def, node);
    this.known.set(def, shape);
    return shape;
  }
}

function shapeOf(def: NodeDef, node: EditorNode): ClassShape {
  const inputs = def.inputs.filter(({ type }) => type !== AUTOGROW);
  return {
    def,
    widgets: widgetsOf(def, node),
    sockets: inputs.filter((input) => !isWidgetInput(input, node)),
    widgetInputs: inputs.filter((input) => isWidgetInput(input, node)),
  };
}
