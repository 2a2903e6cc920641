import { isObject } from '../../is-object.ts';

/**
 * What an input chooses from, by its config in `object_info`: old style `[[…], {}]`, new style `["COMBO", {options: […]}]`;
 * undefined where it chooses from no list.
 */
export function listedChoices(config: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(config)) return undefined;
  const [type, options]: unknown[] = config;
  if (Array.isArray(type)) return type;
  if (type !== 'COMBO' || !isObject(options)) return undefined;
  return Array.isArray(options['options']) ? options['options'] : undefined;
}
