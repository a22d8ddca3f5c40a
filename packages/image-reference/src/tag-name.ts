/** At most 128 characters, the first one a word character. Source: OCI distribution-spec, "Pulling manifests". */
const TAG_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Whether `text` may stand after the colon of an image reference. */
export function isTagName(text: string): boolean {
  return TAG_NAME.test(text);
}
