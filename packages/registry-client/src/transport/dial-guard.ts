import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Addresses where clouds serve machine credentials. No registry lives there, but a realm, a redirect or a tenant's image
 * stream could point there. Private ranges stay reachable: registries on them are normal.
 */
const NEVER_DIALLED = new BlockList();
NEVER_DIALLED.addSubnet('169.254.0.0', 16, 'ipv4');
NEVER_DIALLED.addSubnet('fe80::', 10, 'ipv6');
NEVER_DIALLED.addAddress('fd00:ec2::254', 'ipv6');
NEVER_DIALLED.addAddress('100.100.100.200', 'ipv4');
// 169.254.0.0/16 again, behind the NAT64 and 6to4 prefixes.
NEVER_DIALLED.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
NEVER_DIALLED.addSubnet('2002:a9fe::', 32, 'ipv6');

export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

/** Whether `host` is the literal of an address that is never dialled. A name is judged when it is looked up. */
export function isRefusedAddress(host: string): boolean {
  const family = isIP(host);
  return family !== 0 && NEVER_DIALLED.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

export function withoutRefused(addresses: readonly LookupAddress[]): LookupAddress[] {
  return addresses.filter(({ address }) => !isRefusedAddress(address));
}

/**
 * Looks a name up and hides what is never dialled. The connection goes to the address judged here, so a second answer
 * of the name server cannot slip past.
 */
export const guardedLookup: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const [first, ...rest] = error ? [] : withoutRefused(found);
    if (first === undefined) {
      callback(error ?? new RefusedAddress(`${host} leads to a link-local address`), '');
      return;
    }
    if (options.all === true) callback(null, [first, ...rest]);
    else callback(null, first.address, first.family);
  });
};
