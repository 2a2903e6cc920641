/** The cookie that keeps the choice; the server reads it, so that no page flashes. */
export const THEME_COOKIE = 'podium-theme';
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The choice in a cookie's value; anything else is the system's. */
export function themeOf(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}
