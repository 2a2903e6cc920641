import { listedChoices } from '../../../lib/workflow/catalog/listed-choices.ts';
import { readCatalog, type NodeCatalog } from '../../../lib/workflow/catalog/node-catalog.ts';
import { isObject } from '../../../lib/is-object.ts';
import type { Prompt } from '../../../lib/workflow/prompt.ts';
import type { PodNodes } from './node-catalogs.ts';

export const NO_NODES: NodeCatalog = readCatalog({});

/** Each class as the first of these catalogs that has it says. */
export function joinedCatalog(catalogs: readonly NodeCatalog[]): NodeCatalog {
  const [first, ...more] = catalogs;
  if (!first) return NO_NODES;
  if (more.length === 0) return first;
  return {
    get classTypes() {
      return [...new Set(catalogs.flatMap(({ classTypes }) => classTypes))];
    },
    has: (classType) => catalogs.some((catalog) => catalog.has(classType)),
    get: (classType) => catalogs.find((catalog) => catalog.has(classType))?.get(classType),
  };
}

/**
 * The classes of a prompt as `object_info` defines them, by the first pod that has each; what an input chooses from is
 * joined of all pods, so that a form offers what any of them has.
 */
export function definitionsOf(prompt: Prompt, pods: readonly PodNodes[]): Record<string, unknown> {
  const classTypes = new Set(Object.values(prompt).map(({ class_type }) => class_type));
  const entries = [...classTypes].flatMap((classType) => {
    const given = pods.flatMap((pod) => (Object.hasOwn(pod.given, classType) ? [pod.given[classType]] : []));
    const [first, ...others] = given;
    return first === undefined ? [] : [[classType, others.reduce(withChoicesOf, first)] as const];
  });
  return Object.fromEntries(entries);
}

/** `own` with the choices that `other`, the same class of another pod, has besides. */
function withChoicesOf(own: unknown, other: unknown): unknown {
  if (own === other || !isObject(own) || !isObject(other) || !isObject(own['input']) || !isObject(other['input']))
    return own;
  const theirs = other['input'];
  const input = Object.entries(own['input']).map(([kind, group]) => [kind, joinedGroup(group, theirs[kind])] as const);
  return { ...own, input: Object.fromEntries(input) };
}

function joinedGroup(own: unknown, other: unknown): unknown {
  if (!isObject(own) || !isObject(other)) return own;
  return Object.fromEntries(Object.entries(own).map(([name, config]) => [name, joinedInput(config, other[name])]));
}

/** Old style `[[…], {}]` and new style `["COMBO", {options: […]}]`. */
function joinedInput(own: unknown, other: unknown): unknown {
  const more = listedChoices(other);
  const choices = listedChoices(own);
  if (!Array.isArray(own) || !choices || !more) return own;
  const joined = [...new Set([...choices, ...more])];
  if (joined.length === choices.length) return own;
  const [type, options, ...rest]: unknown[] = own;
  if (Array.isArray(type)) return [joined, ...(own.length > 1 ? [options] : []), ...rest];
  return [type, { ...(isObject(options) && options), options: joined }, ...rest];
}
