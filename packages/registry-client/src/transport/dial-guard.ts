import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { classOf } from './address-class.ts';
import type { Reach } from './address-policy.ts';

/** An address that is not dialled. Whether somebody listens there was not tried, so the message cannot tell. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
  readonly address: 'private' | 'link-local';
  readonly reach: Reach;

  constructor(host: string, address: 'private' | 'link-local', reach: Reach) {
    super(`${host} leads to a ${address} address`);
    this.address = address;
    this.reach = reach;
  }
}

/** Judges addresses before anything is sent to them. Those where clouds keep credentials are refused whatever is allowed. */
export interface DialGuard {
  /** Of a host that is an address: why it is not dialled. A name is judged by its lookup. */
  refusalOf(host: string): RefusedAddress | undefined;
  /**
   * Finds the addresses of a name that may be dialled. The connection goes to one of them, so that a second answer of the
   * name server cannot slip past.
   */
  readonly lookup: LookupFunction;
}

export interface GuardTerms {
  readonly reach: Reach;
  readonly allowsPrivate: boolean;
}

export function createDialGuard(terms: GuardTerms): DialGuard {
  return {
    refusalOf: (host) => {
      if (isIP(host) === 0) return undefined;
      const [refused] = sortOut([{ address: host, family: 0 }], terms).refused;
      return refused && new RefusedAddress(host, refused, terms.reach);
    },
    lookup: (host, options, callback) => {
      lookup(host, { ...options, all: true }, (error, found) => {
        const { dialled, refused } = sortOut(error ? [] : found, terms);
        const [first] = dialled;
        if (first === undefined) {
          callback(error ?? refusalOfName(host, refused, terms.reach), '');
          return;
        }
        if (options.all === true) callback(null, [...dialled]);
        else callback(null, first.address, first.family);
      });
    },
  };
}

export interface SortedOut {
  readonly dialled: readonly LookupAddress[];
  readonly refused: readonly ('private' | 'link-local')[];
}

/** Addresses of one name that may be dialled, and of what class the others are. */
export function sortOut(
  found: readonly LookupAddress[],
  { allowsPrivate }: Pick<GuardTerms, 'allowsPrivate'>,
): SortedOut {
  const dialled: LookupAddress[] = [];
  const refused: ('private' | 'link-local')[] = [];
  for (const one of found) {
    const address = classOf(one.address);
    if (address === 'public' || (address === 'private' && allowsPrivate)) dialled.push(one);
    else refused.push(address);
  }
  return { dialled, refused };
}

/** Of several reasons the one that a setting can remove. */
function refusalOfName(host: string, refused: SortedOut['refused'], reach: Reach): RefusedAddress {
  const address = refused.includes('private') ? 'private' : 'link-local';
  return new RefusedAddress(host, address, reach);
}
