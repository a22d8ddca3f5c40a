import { resolveReference } from '@tagtrail/image-reference';
import { coversRegistry } from '@tagtrail/image-stream';
import type { AddressPolicy } from '@tagtrail/registry-client';

export interface AddressSettings {
  /** The setting `registries.privateAddresses`. */
  readonly privateAddresses?: 'allowed' | 'refused' | undefined;
  /** The setting `registries.privateRegistries`. */
  readonly privateRegistries?: readonly string[] | undefined;
}

/** Which private addresses a worker may contact. */
export function addressPolicy({
  privateAddresses = 'refused',
  privateRegistries = [],
}: AddressSettings): AddressPolicy {
  return {
    named: privateAddresses === 'allowed' ? 'any' : 'public',
    isAllowed: (authority) => coversRegistry(privateRegistries, authority),
  };
}

/** Whether one of the patterns is about the registry at `authority`, also where Docker Hub goes by another name. */
export function isAbout(patterns: readonly string[], authority: string): boolean {
  const { registry } = resolveReference({ registry: authority, repository: 'any/any' });
  return coversRegistry(patterns, authority) || coversRegistry(patterns, registry);
}
