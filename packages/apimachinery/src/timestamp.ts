/**
 * RFC 3339 UTC with whole seconds, rounded down: the form of Kubernetes' `metav1.Time`.
 * `ms` counts from the epoch; throws RangeError when it is no time at all.
 */
export function formatTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
