import { fieldInvalid, fieldTooLong } from './field-cause.ts';
import { qualifiedNameProblems } from './qualified-name.ts';
import type { FieldCause } from './status.ts';
import { utf8Length } from './utf8-length.ts';

/** Keys and values of one object together, in bytes. Source: Kubernetes `TotalAnnotationSizeLimitB`. */
export const ANNOTATIONS_LIMIT_BYTES = 256 * 1024;

/** Keys outside the grammar, and annotations too large together. Source: Kubernetes `ValidateAnnotations`. */
export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  path: string,
): FieldCause[] {
  const entries = Object.entries(annotations ?? {});
  const bytes = entries.reduce((sum, [key, value]) => sum + utf8Length(key) + utf8Length(value), 0);
  return [
    ...entries.flatMap(([key]) => keyCauses(key, path)),
    ...(bytes > ANNOTATIONS_LIMIT_BYTES ? [fieldTooLong(path, ANNOTATIONS_LIMIT_BYTES)] : []),
  ];
}

/** Upper case is allowed in an annotation's prefix, unlike in a label's. */
function keyCauses(key: string, path: string): FieldCause[] {
  return qualifiedNameProblems(key.toLowerCase()).map((problem) =>
    fieldInvalid(path, key, problem),
  );
}
