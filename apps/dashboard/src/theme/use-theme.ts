import { useLayoutEffect, useState, useSyncExternalStore } from 'react';
import {
  applyTheme,
  keepThemeChoice,
  onSystemTheme,
  readThemeChoice,
  type Theme,
  type ThemeChoice,
  themeOf,
} from './theme-choice.ts';

export interface ThemeSetting {
  readonly choice: ThemeChoice;
  /** What is shown. */
  readonly theme: Theme;
  readonly choose: (choice: ThemeChoice) => void;
}

/** The theme of the page; it is in force before anything is painted. */
export function useTheme(): ThemeSetting {
  const [choice, setChoice] = useState(readThemeChoice);
  const theme = useSyncExternalStore(onSystemTheme, () => themeOf(choice));
  useLayoutEffect(() => applyTheme(theme), [theme]);
  const choose = (chosen: ThemeChoice) => {
    keepThemeChoice(chosen);
    setChoice(chosen);
  };
  return { choice, theme, choose };
}
