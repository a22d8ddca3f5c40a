import { type ImageStream, PREFETCH_ANNOTATION } from '@tagtrail/image-stream';
import { PREFETCH_JOB_VERSION, type PrefetchJob } from '@tagtrail/import-contract';
import { digestIn } from '../images/image-contents.ts';

/**
 * The images of which a stream wants copies now: what its tags are at, if it asks for them, without those that they were
 * at before.
 */
export function wantedCopies(
  after: ImageStream | undefined,
  before?: ImageStream,
): readonly PrefetchJob[] {
  if (after === undefined || !asks(after)) return [];
  const known = new Set(before !== undefined && asks(before) ? headsOf(before) : []);
  const { namespace = '', name, uid = '' } = after.metadata;
  const key = { namespace, name, uid };
  return [...new Set(headsOf(after))]
    .filter((image) => !known.has(image))
    .map((image) => ({ version: PREFETCH_JOB_VERSION, key, image }));
}

function asks({ metadata }: ImageStream): boolean {
  return metadata.annotations?.[PREFETCH_ANNOTATION] === 'true';
}

function headsOf({ status }: ImageStream): readonly string[] {
  return (status.tags ?? []).flatMap(({ items }) => digestIn(items?.[0]?.image) ?? []);
}
