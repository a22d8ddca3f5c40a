export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** Not negative, and exact as a number. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

export function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isString);
}

export function isStringMap(value: unknown): value is Readonly<Record<string, string>> {
  return isFields(value) && Object.values(value).every(isString);
}

/** A set as Go writes it: the values are objects without fields. */
export function isKeySet(
  value: unknown,
): value is Readonly<Record<string, Readonly<Record<string, never>>>> {
  return isFields(value) && Object.values(value).every(isEmpty);
}

export function isFieldsList(
  value: unknown,
): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.every(isFields);
}

function isEmpty(value: unknown): value is Readonly<Record<string, never>> {
  return isFields(value) && Object.keys(value).length === 0;
}
