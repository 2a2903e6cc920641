const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Makes queue numbers, saved files and ids start at nothing, whatever a pod had counted or chosen before. */
export function createRenumber(keep: ReadonlySet<number>): (value: unknown) => unknown {
  const files = new Map<string, string>();
  const ids = new Map<string, string>();
  let base: number | undefined;
  const number = (value: number): number => {
    if (keep.has(value)) return value;
    base ??= value;
    return value >= base ? value - base : value < 0 ? value + base : value;
  };
  const fileName = (text: string): string =>
    text.replace(/^(tape|ComfyUI_temp_[a-z]+)_\d{5}_/, (saved, stem: string) => {
      const known = files.get(saved) ?? `${stem.replace(/_[a-z]+$/, '')}_file${files.size + 1}`;
      files.set(saved, known);
      return known;
    });
  const name = (text: string): string => {
    if (!UUID.test(text)) return fileName(text);
    const known = ids.get(text) ?? `id${ids.size + 1}`;
    ids.set(text, known);
    return known;
  };
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === 'number' && (key === 'number' || key === 'priority')) return number(value);
    if (typeof value === 'string') return name(value);
    if (Array.isArray(value)) {
      const isRow = value.length === 5 && typeof value[0] === 'number' && typeof value[1] === 'string';
      return value.map((item, at) => (isRow && at === 0 ? number(Number(item)) : visit(item, '')));
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [name(field), visit(inner, field)]));
  };
  return (value) => visit(value, '');
}
