/** Longest host name: a DNS name in text form. Source: RFC 1035 §2.3.4. */
const HOST_LIMIT = 253;
const PORT_MAXIMUM = 65_535;

const LABELS = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const ADDRESS_IN_BRACKETS = /^\[[0-9a-f:]{2,39}\]$/;

/**
 * Whether `text` is a `host` or `host:port` in lower case that is read as one at the beginning of an image reference:
 * without a dot, a port or brackets it would be the first part of a repository's name. Only `localhost` needs none.
 */
export function isHostAndPort(text: string): boolean {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::([1-9]\d{0,4}))?$/.exec(text) ?? [];
  if (port !== undefined && Number(port) > PORT_MAXIMUM) return false;
  const isHost = LABELS.test(host) || ADDRESS_IN_BRACKETS.test(host);
  return isHost && host.length <= HOST_LIMIT && (text === 'localhost' || /[.:]/.test(text));
}
