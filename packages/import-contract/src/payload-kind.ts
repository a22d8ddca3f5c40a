import { PayloadReader } from './payload-reader.ts';
import type { RepositoryListingJob } from './repository-listing.ts';

/** What a listing's job and result call themselves; those of an import say nothing. */
export const LISTING_KIND: RepositoryListingJob['kind'] = 'repository-listing';

/** Which decoder a payload is for; `unknown` is for none that this version has. */
export function payloadKind(value: unknown): 'import' | 'listing' | 'unknown' {
  const payload = new PayloadReader(value);
  if (!payload.has('kind')) return 'import';
  return isListing(payload) ? 'listing' : 'unknown';
}

/** Notes a payload that is of another kind. */
export function requireListing(payload: PayloadReader): void {
  payload.matching('kind', (kind) => kind === LISTING_KIND, LISTING_KIND);
}

function isListing(payload: PayloadReader): boolean {
  requireListing(payload);
  return payload.problem === undefined;
}
