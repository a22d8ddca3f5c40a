/** What somebody chose to see; `system` follows the machine. */
export type ThemeChoice = 'system' | 'light' | 'dark';

export type Theme = 'light' | 'dark';

const KEY = 'tagtrail.theme';
/** What PatternFly's dark tokens are bound to. */
const DARK_CLASS = 'pf-v6-theme-dark';
const darkSystem = matchMedia('(prefers-color-scheme: dark)');

export function readThemeChoice(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system'; // storage is switched off
  }
}

export function keepThemeChoice(choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // Storage is switched off: the choice lives as long as the page.
  }
}

export function themeOf(choice: ThemeChoice): Theme {
  if (choice !== 'system') return choice;
  return darkSystem.matches ? 'dark' : 'light';
}

/** Shows the page in a theme, scroll bars and form controls of the browser included. */
export function applyTheme(theme: Theme): void {
  const { classList, style } = document.documentElement;
  classList.toggle(DARK_CLASS, theme === 'dark');
  style.colorScheme = theme;
}

/** Calls back when the machine changes its mind, until the answer is called. */
export function onSystemTheme(changed: () => void): () => void {
  darkSystem.addEventListener('change', changed);
  return () => darkSystem.removeEventListener('change', changed);
}
