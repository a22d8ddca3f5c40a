/** Digits that are shown: what `docker images` shows, enough to tell images apart. */
const SHOWN_DIGITS = 12;

/** `sha256:1a2b3c4d5e6f…`, also inside a pull spec; a text without a digest is left as it is. */
export function shortDigest(text: string): string {
  return text.replace(/([a-z0-9]+:[0-9a-f]{12})[0-9a-f]{20,}/u, '$1…');
}

/** Without the algorithm, which is nearly always the same: `1a2b3c4d5e6f`. */
export function bareDigest(text: string): string {
  const [, digits] = /^sha256:([0-9a-f]{64})$/u.exec(text) ?? [];
  return digits === undefined ? shortDigest(text) : digits.slice(0, SHOWN_DIGITS);
}
