import type { SettingsProblem } from './settings-error.ts';

/** A value that one source gave for one key. */
export interface GivenSetting {
  readonly value: unknown;
  readonly source: 'environment' | 'file';
  /** Where the value, or a part of it (`['quay.io']` of a map), stands: a variable or `file:line:column`. */
  readonly where: (part?: readonly PropertyKey[]) => string;
}

/** What one source (the environment, the file) says. */
export interface SettingsLayer {
  /** By key, e.g. `schedule.defaultInterval`. */
  readonly given: ReadonlyMap<string, GivenSetting>;
  readonly problems: readonly SettingsProblem[];
}
