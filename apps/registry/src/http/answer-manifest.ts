import { isDigest } from '@tagtrail/image-reference';
import type { ImageStream } from '@tagtrail/image-stream';
import type { Provenance, StreamImages } from '../images/stream-images.ts';
import { entityTag, isNamedBy } from './entity-tag.ts';
import { type Exchange, sendBody } from './exchange.ts';
import { limitTransfer } from './limit-transfer.ts';
import { warning } from './send-fault.ts';

/** s for which whatever a digest names may be kept: for ever. */
export const IMMUTABLE = 'private, max-age=31536000, immutable';
/** What a tag is at may be another thing next time. */
const ASK_AGAIN = 'private, no-cache';

/** Bytes that the kernel takes at once, whether the client reads or not. */
const AT_ONCE = 64 * 1024;

/** What was served, for metrics. */
export interface Served {
  readonly from: Provenance;
  /** Bytes. */
  readonly size: number;
  /** Whether the last look at the tag failed: what was served is the last known good. */
  readonly isLastKnownGood: boolean;
}

/** Answers GET and HEAD of a manifest; throws when it cannot be had. Accept is not asked: there is one form of a manifest. */
export async function answerManifest(
  exchange: Exchange,
  { stream, reference }: { readonly stream: ImageStream; readonly reference: string },
  images: StreamImages,
): Promise<Served> {
  const byDigest = isDigest(reference);
  const digest = byDigest ? reference : images.digestOf(stream, reference);
  const failure = byDigest ? undefined : failureOf(stream, reference);
  const headers = {
    'docker-content-digest': digest,
    etag: entityTag(digest),
    'cache-control': byDigest ? IMMUTABLE : ASK_AGAIN,
    ...(failure !== undefined && { warning: warning(`last known good: ${failure}`) }),
  };
  const isLastKnownGood = failure !== undefined;
  if (
    isNamedBy(exchange.request.headers['if-none-match'], digest) &&
    (await images.isMember(stream, digest))
  ) {
    exchange.response.writeHead(304, headers).end();
    return { from: 'record', size: 0, isLastKnownGood };
  }
  const { manifest, from } = await images.manifest(stream, digest);
  const { bytes: body, mediaType } = manifest;
  if (body.length > AT_ONCE) limitTransfer(exchange.response, body.length);
  sendBody(exchange, {
    headers: { 'content-type': mediaType, ...headers, 'tagtrail-source': from },
    body,
  });
  return { from, size: body.length, isLastKnownGood };
}

/** Why the last look at the tag failed, if it did: what is served is what was recorded before. */
function failureOf(stream: ImageStream, tag: string): string | undefined {
  const list = stream.status.tags?.find((one) => one.tag === tag);
  return list?.conditions?.find(({ status }) => status === 'False')?.message;
}
