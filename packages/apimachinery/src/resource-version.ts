export type ParsedResourceVersion =
  | { readonly ok: true; readonly resourceVersion: string }
  | { readonly ok: false; readonly message: string };

/** The largest version: an unsigned 64-bit counter. */
const RESOURCE_VERSION_MAXIMUM = '18446744073709551615';
const DECIMAL = /^(?:0|[1-9][0-9]{0,19})$/;

/**
 * Accepts a decimal without leading zeros that fits 64 bits, so that equal versions are equal text.
 * Source: Kubernetes API concepts, "Resource versions".
 */
export function parseResourceVersion(text: string): ParsedResourceVersion {
  const fits = DECIMAL.test(text) && compareResourceVersions(text, RESOURCE_VERSION_MAXIMUM) <= 0;
  if (fits) return { ok: true, resourceVersion: text };
  return { ok: false, message: `invalid resource version ${JSON.stringify(text)}` };
}

/**
 * Orders two parsed resource versions: negative when `a` is older, 0 when they are the same.
 * Compares text, because counters may exceed what a number holds exactly.
 */
export function compareResourceVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
