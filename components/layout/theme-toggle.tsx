'use client';
import { Monitor, Moon, Sun, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { THEME_COOKIE, THEMES, type Theme } from './theme.ts';

const FACES: Record<Theme, { word: string; Icon: LucideIcon }> = {
  system: { word: 'as the system', Icon: Monitor },
  light: { word: 'light', Icon: Sun },
  dark: { word: 'dark', Icon: Moon },
};
const YEAR_S = 365 * 24 * 3600;

/** Goes from the system's colours to light, to dark and back. */
export function ThemeToggle({ first }: { first: Theme }) {
  const [theme, setTheme] = useState(first);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  const { word, Icon } = FACES[theme];
  return (
    <Button
      tone="quiet"
      size="icon"
      aria-label={`Colours: ${word}. Change to ${FACES[next].word}`}
      title={`Colours: ${word}`}
      onClick={() => {
        document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${YEAR_S}; samesite=strict`;
        document.documentElement.dataset['theme'] = next;
        setTheme(next);
      }}
    >
      <Icon size={16} aria-hidden />
    </Button>
  );
}
