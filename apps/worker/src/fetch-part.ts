import type { Digest } from '@tagtrail/image-reference';
import type { FailureReason } from '@tagtrail/image-stream';
import { RegistryError } from '@tagtrail/registry-client';

/** Why an image cannot be had whole. */
export interface CollectFailure {
  readonly ok: false;
  readonly reason: FailureReason;
  readonly message: string;
}

export type FetchedPart<T> = { readonly ok: true; readonly part: T } | CollectFailure;

/**
 * What an index or a manifest names by digest. The tag is there, so a part that is not must be told as what it is: an
 * image that nobody can pull.
 */
export async function fetchPart<T>(digest: Digest, fetched: Promise<T>): Promise<FetchedPart<T>> {
  try {
    return { ok: true, part: await fetched };
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'NotFound') throw error;
    const message = `the registry does not have its part ${digest}; push the whole image again`;
    return { ok: false, reason: 'NotFound', message };
  }
}
