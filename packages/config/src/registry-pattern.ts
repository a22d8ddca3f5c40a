/** Letters, digits and what stands between them, `*` and `?`; an address in brackets; perhaps a port, also of `*` and `?`. */
const PATTERN = /^(?:[a-z0-9.*?-]+|\[[0-9a-f:*?]+\])(?::[0-9*?]{1,5})?$/;
/** A host name of 253 characters and a port. */
const LENGTH = 260;

/** Whether `text` is a pattern of registries: `host` or `host:port` in lower case, with `*` and `?` for what varies. */
export function isRegistryPattern(text: string): boolean {
  return text.length <= LENGTH && PATTERN.test(text);
}
