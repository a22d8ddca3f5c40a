import type { ApiClient } from '@tagtrail/api-client';
import { type ImageStream, LISTING_TAG } from '@tagtrail/image-stream';
import { orElse } from '../connection/refusals.ts';
import { plainText } from '../terminal/plain-text.ts';
import { ago } from './field-lines.ts';

/**
 * Why a stream that shall have all tags of a repository has none: lines below the text of `oc describe`, which has no
 * words for it. Empty where there are tags, or nothing failed. `now` in ms since the epoch. Throws ApiError.
 */
export async function listingFailure(
  { checks }: Pick<ApiClient, 'checks'>,
  { metadata, spec, status }: ImageStream,
  now: number,
): Promise<string> {
  const repository = spec.dockerImageRepository ?? '';
  const hasTags = (spec.tags?.length ?? 0) + (status.tags?.length ?? 0) > 0;
  if (repository === '' || hasTags) return '';
  const { name, namespace = '' } = metadata;
  // It adds to a description that is complete without it.
  const tags = await orElse(
    async () => (await checks.get({ namespace, name })).tags,
    [403, 404],
    async () => [],
  );
  const listing = tags.find(({ tag }) => tag === LISTING_TAG);
  if (listing === undefined || listing.attempts === 0) return '';
  const reason = plainText(`(${listing.outcome}): ${listing.message}`);
  const age = listing.lastChecked === null ? '' : `      ${ago(listing.lastChecked, now)}\n`;
  return `\n  ! error: Listing ${plainText(repository)} failed ${reason}\n${age}`;
}
