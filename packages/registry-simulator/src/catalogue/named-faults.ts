import { SimulatorError } from '../simulator-error.ts';
import { AUTH_AND_TOKEN_FAULTS } from './auth-and-tokens.ts';
import { DIGEST_AND_MANIFEST_FAULTS } from './digest-and-manifest.ts';
import type { NamedFault } from './named-fault.ts';
import { RATE_AND_TRANSPORT_FAULTS } from './rate-and-transport.ts';
import { REDIRECT_AND_HOST_FAULTS } from './redirects-and-hosts.ts';
import { TAG_LISTING_FAULTS } from './tag-listing.ts';

/**
 * What registries were seen to do, in the order of docs/registry-behaviours.md; one row of that may
 * have several faults.
 */
export const NAMED_FAULTS: readonly NamedFault[] = [
  ...DIGEST_AND_MANIFEST_FAULTS,
  ...TAG_LISTING_FAULTS,
  ...AUTH_AND_TOKEN_FAULTS,
  ...REDIRECT_AND_HOST_FAULTS,
  ...RATE_AND_TRANSPORT_FAULTS,
].sort((one, other) => one.behaviour - other.behaviour);

/** Throws SimulatorError `UnknownFault`. */
export function namedFault(name: string): NamedFault {
  const found = NAMED_FAULTS.find((fault) => fault.name === name);
  if (found === undefined) throw new SimulatorError('UnknownFault', `no fault is named ${name}`);
  return found;
}
