import type { Digest } from '@tagtrail/image-reference';
import type { ImageStream } from '@tagtrail/image-stream';
import type { ReferrerLists } from '../images/referrer-lists.ts';
import type { StreamImages } from '../images/stream-images.ts';
import { type Exchange, sendBody } from './exchange.ts';
import { warning } from './send-fault.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const STALE =
  'the registry that these images come from does not answer: this is what it said before';

export interface ReferrerParts {
  readonly images: Pick<StreamImages, 'mayHaveReferrers'>;
  readonly referrers: Pick<ReferrerLists, 'read'>;
}

/** Answers with what refers to an image; nothing does to one that the stream knows nothing of. Source: distribution-spec, "Listing Referrers". */
export async function answerReferrers(
  exchange: Exchange,
  { stream, digest }: { readonly stream: ImageStream; readonly digest: Digest },
  { images, referrers }: ReferrerParts,
): Promise<void> {
  const origin = { stream, holders: new Set<string>([digest]) };
  const list = (await images.mayHaveReferrers(stream, digest))
    ? await referrers.read(origin, digest)
    : { referrers: [], isStale: false };
  const artifactType = exchange.query.get('artifactType');
  const manifests =
    artifactType === null
      ? list.referrers
      : list.referrers.filter((one) => one.artifactType === artifactType);
  const body = { schemaVersion: 2, mediaType: INDEX, manifests };
  sendBody(exchange, {
    headers: {
      'content-type': INDEX,
      'cache-control': 'private, no-cache',
      ...(artifactType !== null && { 'oci-filters-applied': 'artifactType' }),
      ...(list.isStale && { warning: warning(STALE) }),
    },
    body: Buffer.from(JSON.stringify(body)),
  });
}
