/** What every refusal ends with. */
export const ACCEPTED =
  'Podium takes a workflow as ComfyUI’s editor saves it, its API form, or a picture, video or sound that ComfyUI saved.';

/** Names in quotes, three at most, and how many more there are. */
export function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `“${name.length > 60 ? `${name.slice(0, 60)}…` : name}”`);
  const rest = names.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}
