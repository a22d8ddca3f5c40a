import { fieldInvalid } from './field-cause.ts';
import { labelValueProblems } from './label-value.ts';
import { qualifiedNameProblems } from './qualified-name.ts';
import type { FieldCause } from './status.ts';

/** Every label that breaks the grammar of keys or values. Source: Kubernetes `ValidateLabels`. */
export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  path: string,
): FieldCause[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((problem) => fieldInvalid(path, key, problem)),
    ...labelValueProblems(value).map((problem) => fieldInvalid(path, value, problem)),
  ]);
}
