import type { AddressPolicy } from '../transport/address-policy.ts';

/** Servers of tests are all on this machine. */
export const EVERY_ADDRESS: AddressPolicy = { named: 'any', isAllowed: () => true };
