/** Whether a JSON value has at most `depth` levels of lists and objects. */
export function isNestedWithin(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  // Asked on the way down, so the stack holds at most `depth` of these calls.
  return depth > 0 && Object.values(value).every((one) => isNestedWithin(depth - 1, one));
}
