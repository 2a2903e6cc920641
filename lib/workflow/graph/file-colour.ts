const COLOUR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** A colour that a file names, where it is a plain one: it goes into a page's style. */
export function fileColour(given: string | null | undefined): string | undefined {
  return given && COLOUR.test(given) ? given : undefined;
}
