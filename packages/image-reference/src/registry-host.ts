/** Longest host name: a DNS name in text form. Source: RFC 1035 §2.3.4. */
const HOST_NAME_LIMIT = 253;
const PORT_MAXIMUM = 65_535;

const HOST_NAME =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/;
const HOST_AND_PORT = /^(\[[^\]]*\]|[^[\]:]*)(?::([1-9][0-9]{0,4}))?$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;
/** The last label decides: URL parsers read any such host as an IPv4 address. */
const ENDS_IN_NUMBER = /(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)$/;
const IPV6_GROUP = /^[0-9a-fA-F]{1,4}$/;
const IPV6_GROUPS = 8;

/**
 * Whether `text` is `host` or `host:port` of a registry: a DNS name, an IPv4 address, or an IPv6
 * address in brackets. Odd spellings of IPv4 (`2130706433`, `0x7f.1`) are refused, because URL
 * parsers fold them to another host than the one written here.
 */
export function isRegistryHost(text: string): boolean {
  const parts = HOST_AND_PORT.exec(text);
  if (parts === null) return false;
  const [, host = '', port] = parts;
  if (port !== undefined && Number(port) > PORT_MAXIMUM) return false;
  return host.startsWith('[') ? isIpv6(host.slice(1, -1)) : isHostName(host);
}

function isHostName(host: string): boolean {
  if (host.length > HOST_NAME_LIMIT || !HOST_NAME.test(host)) return false;
  return !ENDS_IN_NUMBER.test(host) || IPV4.test(host);
}

/** Hexadecimal groups only: neither zones nor the dotted tail belong in a reference. */
function isIpv6(address: string): boolean {
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => IPV6_GROUP.test(group))) return false;
  return halves.length === 2 ? groups.length < IPV6_GROUPS : groups.length === IPV6_GROUPS;
}
