/** What Python would raise in ComfyUI's validation, and the line of its source that would. */
export class PythonError extends Error {
  constructor(
    readonly type: 'KeyError' | 'IndexError' | 'TypeError' | 'AttributeError',
    message: string,
    readonly line: string,
  ) {
    super(message);
  }
}

/** The name of a JSON value's type in Python. */
export function pythonTypeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'str' : 'dict';
}
