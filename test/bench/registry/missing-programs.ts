import { programsOnPath } from '../../e2e/real-programs.ts';

/** Why something is left out that needs these programs; undefined when all of them are on PATH. */
export function missingPrograms(...names: readonly string[]): string | undefined {
  const missing = names.filter((name) => !isOnPath(name));
  return missing.length === 0 ? undefined : `${missing.join(' and ')} not found on PATH`;
}

function isOnPath(name: string): boolean {
  try {
    return programsOnPath(name).length > 0;
  } catch {
    return false; // it throws when there is none
  }
}
