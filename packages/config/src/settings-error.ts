/** One thing that is wrong, and where. */
export interface SettingsProblem {
  /** `schedule.defaultInterval`; a variable's or a file's name when no key is known. */
  readonly key: string;
  /** Where the value came from: a variable, or `file:line:column`. Absent when it came from nowhere. */
  readonly where?: string;
  readonly message: string;
}

/** Settings that can't be used: all their problems at once. Its message names no secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'invalid-settings';
  readonly retryable = false;
  readonly problems: readonly SettingsProblem[];

  constructor(problems: readonly SettingsProblem[]) {
    super(['settings cannot be used:', ...problems.map(problemLine)].join('\n  '));
    this.problems = problems;
  }
}

function problemLine({ key, where, message }: SettingsProblem): string {
  return where === undefined ? `${key}: ${message}` : `${key} (${where}): ${message}`;
}
