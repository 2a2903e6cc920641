import { branchesOf, DYNAMIC_COMBO } from '../catalog/dynamic-combo.ts';
import { readInputs, type InputDef, type NodeDef } from '../catalog/node-catalog.ts';
import type { EditorNode } from '../editor/editor-workflow.ts';
import { isObject } from '../../is-object.ts';

/** A widget as ComfyUI's editor makes it for a node class. */
export interface WidgetDef {
  name: string;
  /** Whether `widgets_values` has a place for it. */
  saved: boolean;
  /** Whether a prompt holds its value. */
  sent: boolean;
  /** What it shows before a person or a file says otherwise; undefined where it shows nothing. */
  initial: unknown;
  /** The input of the class it stands for; absent where the editor adds it on its own. */
  input?: InputDef;
  /** Widgets that stand right behind it because of its value. */
  brings?: (value: unknown) => WidgetDef[];
}

/** Input types that the editor gives a widget. Source: ComfyUI's frontend 1.35.9, its core extensions included. */
const WIDGET_TYPES = new Set([
  ...['INT', 'FLOAT', 'BOOLEAN', 'STRING', 'MARKDOWN', 'COMBO', 'COLOR', 'TEXTAREA'],
  ...['IMAGECOMPARE', 'CHART', 'GALLERIA', 'LOAD_3D', 'PREVIEW_3D', 'WEBCAM', 'AUDIO_RECORD'],
  DYNAMIC_COMBO,
]);
const RECORDED_TYPES = new Set(['LOAD_3D', 'WEBCAM', 'AUDIO_RECORD']);
/** Seeds get a control widget even where the class does not ask for one. Source: ComfyUI's frontend. */
const SEED_NAMES = new Set(['seed', 'noise_seed']);

/** Whether what an input takes is recorded in the editor, as the picture of a camera is. */
export function isRecorded({ type }: InputDef): boolean {
  return RECORDED_TYPES.has(type);
}

/** Whether the editor shows inputs of this kind as a widget. */
export function isWidgetType(input: InputDef): boolean {
  return input.options['forceInput'] !== true && WIDGET_TYPES.has(widgetType(input));
}

/** Whether the editor has a widget for values of this type, be the input forced to be a socket or not. */
export function isOfWidgetType({ type }: InputDef): boolean {
  return WIDGET_TYPES.has(type);
}

/** Whether it shows this one so. Of types that a node pack brings, only the file can say. */
export function isWidgetInput(input: InputDef, node: EditorNode): boolean {
  if (input.options['forceInput'] === true) return false;
  return isWidgetType(input) || node.inputs.some((one) => one.widget?.name === input.name);
}

/** All widgets of a node of this class, in the editor's order, as if every choice were the first. */
export function widgetsOf(def: NodeDef, node: EditorNode): WidgetDef[] {
  const own = def.inputs.filter((input) => isWidgetInput(input, node)).flatMap(widgetsOfInput);
  return [...own, ...addedWidgets(def)];
}

/** All inputs, sockets too, that a choice of a dynamic combo brings; none for any other input. */
export function inputsOfChoice(combo: InputDef, choice: unknown): InputDef[] {
  const branch = branchesOf(combo).find(({ key }) => key === choice);
  return readInputs(branch?.['inputs']).map((input) => ({ ...input, name: `${combo.name}.${input.name}` }));
}

function widgetsOfChoice(combo: InputDef, choice: unknown): WidgetDef[] {
  return inputsOfChoice(combo, choice)
    .filter((input) => WIDGET_TYPES.has(widgetType(input)))
    .flatMap(widgetsOfInput);
}

function widgetType({ type, options }: InputDef): string {
  return typeof options['widgetType'] === 'string' ? options['widgetType'] : type;
}

/** The widget of an input, and those that stand with it. */
export function widgetsOfInput(input: InputDef): WidgetDef[] {
  const type = widgetType(input);
  const widget: WidgetDef = { name: input.name, saved: true, sent: true, initial: initialOf(input, type), input };
  const control = input.options['control_after_generate'] ?? (type === 'INT' && SEED_NAMES.has(input.name));
  switch (type) {
    case 'COMBO':
      return [
        widget,
        ...refreshWidgets(input),
        ...(control ? [unsent('control_after_generate'), unsent('filter')] : []),
      ];
    case 'INT':
    case 'FLOAT':
      return control ? [widget, unsent('control_after_generate')] : [widget];
    case DYNAMIC_COMBO:
      return [{ ...widget, brings: (choice) => widgetsOfChoice(input, choice) }];
    case 'LOAD_3D':
      return [
        button('upload 3d model', 'upload3dmodel'),
        button('upload extra resources', 'uploadExtraResources'),
        button('clear', 'clear'),
        widget,
      ];
    default:
      return [widget];
  }
}

function initialOf({ options, choices, ...input }: InputDef, type: string): unknown {
  const given = options['default'];
  switch (type) {
    case 'INT':
    case 'FLOAT':
      return given ?? 0;
    case 'BOOLEAN':
      return given ?? false;
    case 'COMBO':
      return given || (choices?.[0] ?? (isObject(options['remote']) ? 'Loading...' : undefined));
    case DYNAMIC_COMBO:
      return branchesOf({ ...input, options })[0]?.['key'];
    case 'COLOR':
      return given ?? '#000000';
    default:
      return given ?? '';
  }
}

/** A list that a pod fills on demand has a button for it. */
function refreshWidgets({ options }: InputDef): WidgetDef[] {
  if (!isObject(options['remote']) || options['remote']['refresh_button'] !== true) return [];
  return [unsent('Auto-refresh after generation'), button('refresh', 'refresh')];
}

/** Classes that show a sound. Source: ComfyUI's frontend 1.35.9. */
const WITH_SOUND = new Set(['LoadAudio', 'SaveAudio', 'PreviewAudio', 'SaveAudioMP3', 'SaveAudioOpus']);
/** Classes that show an object in space. Source: the same. */
const WITH_OBJECT = new Set(['SaveGLB', 'Preview3D']);

/** Widgets that the editor's own extensions add to a class, behind those of its inputs. */
export function addedWidgets({ classType, inputs }: Pick<NodeDef, 'classType' | 'inputs'>): WidgetDef[] {
  const added: WidgetDef[] = [];
  const required = inputs.filter((input) => input.required);
  if (WITH_SOUND.has(classType)) added.push({ name: 'audioUI', saved: false, sent: true, initial: '' });
  if (required.some(({ name, options }) => name === 'audio' && options['audio_upload'] === true))
    added.push(unsent('upload'));
  if (required.some(takesMedia)) added.push(unsent('upload'));
  if (WITH_OBJECT.has(classType)) added.push({ name: 'image', saved: true, sent: true, initial: '' });
  if (classType === 'CustomCombo') added.push(optionWidget(0));
  if (classType === 'PreviewAny')
    added.push(
      { name: 'preview', saved: false, sent: true, initial: '' },
      { name: 'previewMode', saved: true, sent: true, initial: false },
    );
  return added;
}

/** A list that a person writes: behind each entry there is room for a further one. */
function optionWidget(at: number): WidgetDef {
  const brings = (value: unknown) => (typeof value === 'string' && value !== '' ? [optionWidget(at + 1)] : []);
  return { name: `option${at}`, saved: true, sent: true, initial: '', brings };
}

function takesMedia({ type, options }: InputDef): boolean {
  return (
    type === 'COMBO' && ['image_upload', 'video_upload', 'animated_image_upload'].some((key) => options[key] === true)
  );
}

/** Sent like any other, though it means nothing to a pod. */
function button(name: string, initial: string): WidgetDef {
  return { name, saved: true, sent: true, initial };
}

function unsent(name: string): WidgetDef {
  return { name, saved: true, sent: false, initial: undefined };
}
