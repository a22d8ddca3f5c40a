import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { DesktopIcon, MoonIcon, SunIcon } from '@patternfly/react-icons';
import type { ReactNode } from 'react';
import type { ThemeChoice } from './theme-choice.ts';
import type { ThemeSetting } from './use-theme.ts';

const CHOICES: readonly { choice: ThemeChoice; name: string; icon: ReactNode }[] = [
  { choice: 'system', name: 'Theme of the system', icon: <DesktopIcon /> },
  { choice: 'light', name: 'Light theme', icon: <SunIcon /> },
  { choice: 'dark', name: 'Dark theme', icon: <MoonIcon /> },
];

/** Chooses between light, dark, and what the machine says. */
export function ThemeToggle({ setting }: { readonly setting: ThemeSetting }) {
  return (
    <ToggleGroup isCompact aria-label="Theme">
      {CHOICES.map(({ choice, name, icon }) => (
        <ToggleGroupItem
          key={choice}
          icon={icon}
          aria-label={name}
          title={name}
          buttonId={`theme-${choice}`}
          isSelected={setting.choice === choice}
          onChange={() => setting.choose(choice)}
        />
      ))}
    </ToggleGroup>
  );
}
