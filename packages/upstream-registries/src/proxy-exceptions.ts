import { BlockList, isIP } from 'node:net';

/** Where a connection goes. */
export interface Place {
  /** In lower case; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: string;
}

/** Entries looked at; what is longer is no list that somebody wrote. */
const MOST_ENTRIES = 1_000;

/**
 * Whether a place is reached without a proxy, as NO_PROXY says: `*`; `example.com` and all names below it;
 * `.example.com`, only those below; an address; a range such as `10.0.0.0/8`; each but the range perhaps with a port.
 * Addresses and ranges are about places that are named by an address. Source: Go, `golang.org/x/net/http/httpproxy`.
 */
export function createExceptions(entries: readonly string[]): (place: Place) => boolean {
  const rules = entries
    .flatMap((entry) => entry.trim().toLowerCase().split(/\s+/))
    .filter((entry) => entry !== '')
    .slice(0, MOST_ENTRIES)
    .map(ruleOf);
  return (place) => rules.some((rule) => rule(place));
}

type Rule = (place: Place) => boolean;

function ruleOf(entry: string): Rule {
  if (entry === '*') return () => true;
  const range = rangeOf(entry);
  if (range !== undefined) return ({ host }) => contains(range, host);
  const { host, port } = partsOf(entry);
  const isHost = hostRule(host);
  return (place) => (port === '' || place.port === port) && isHost(place.host);
}

function hostRule(pattern: string): (host: string) => boolean {
  if (isIP(pattern) !== 0) {
    const single = new BlockList();
    single.addAddress(pattern, familyOf(pattern));
    return (host) => contains(single, host);
  }
  const name = pattern.startsWith('*.') ? pattern.slice(1) : pattern;
  if (name.startsWith('.')) return (host) => host.endsWith(name);
  return (host) => host === name || host.endsWith(`.${name}`);
}

function rangeOf(entry: string): BlockList | undefined {
  const [, address = '', bits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(entry) ?? [];
  const widest = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0 || Number(bits) > widest) return undefined;
  const range = new BlockList();
  range.addSubnet(address, Number(bits), familyOf(address));
  return range;
}

function contains(list: BlockList, host: string): boolean {
  return isIP(host) !== 0 && list.check(host, familyOf(host));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** `host`, `host:port`, an IPv6 address as it is, or in brackets with a port. */
function partsOf(entry: string): Place {
  if (isIP(entry) === 6) return { host: entry, port: '' };
  const [, bracketed, name = '', port = ''] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  return { host: bracketed ?? (name === '' ? entry : name), port };
}
