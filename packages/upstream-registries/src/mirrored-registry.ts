import { isDigest } from '@tagtrail/image-reference';
import { RegistryError, type RegistryProbe } from '@tagtrail/registry-client';
import type { MirrorSetting } from './mirror-places.ts';
import { MirroredPlaces } from './mirrored-places.ts';
import { streamFromPlaces } from './stream-from-places.ts';

/** While there is another place to ask: a look has 10 s for all of them. */
const MIRROR_PATIENCE = 3_000;

export interface MirrorOptions {
  readonly mirrors: readonly MirrorSetting[];
  /** ms since the epoch. */
  readonly now?: () => number;
  /** ms until a mirror has answered, or has begun to send a blob. Default: 3 s. */
  readonly patience?: number;
}

/**
 * The client, with other registries asked in place of those that sources name: in order, each one that the setting lets
 * answer, then the source itself. What fails at one place is asked for at the next; the last one's failure is told.
 * Content asked for by digest is verified wherever it comes from.
 */
export function mirrorRegistry(
  client: RegistryProbe,
  { mirrors, now = Date.now, patience = MIRROR_PATIENCE }: MirrorOptions,
): RegistryProbe {
  if (mirrors.length === 0) return client;
  const places = new MirroredPlaces({ mirrors, now, patience });
  const kindOf = (reference: string) => (isDigest(reference) ? 'digest' : 'tag');
  return {
    headManifest: (target, reference, signal) =>
      places.ask({ target, kind: kindOf(reference), signal }, async (place, bounded) => {
        const head = await client.headManifest(place, reference, bounded);
        const isMirror = place.endpoint !== target.endpoint;
        if (isMirror && head.digest !== undefined) places.named(head.digest, place.endpoint);
        return head;
      }),
    async fetchManifest(target, reference, signal) {
      try {
        return await places.ask({ target, kind: kindOf(reference), signal }, (place, bounded) =>
          client.fetchManifest(place, reference, bounded),
        );
      } catch (error) {
        if (hasNotWhatItNamed(error)) places.restWhoNamed(reference);
        throw error;
      }
    },
    fetchBlob: (target, descriptor, signal) =>
      places.ask({ target, kind: 'digest', signal }, (place, bounded) =>
        client.fetchBlob(place, descriptor, bounded),
      ),
    listTags: (target, signal) =>
      places.ask({ target, kind: 'list', signal }, (place, bounded) =>
        client.listTags(place, bounded),
      ),
    streamBlob: (target, blob, sink, signal) =>
      streamFromPlaces((ask) => places.ask({ target, kind: 'digest', signal }, ask), {
        blob,
        sink,
        client,
      }),
    // Like a list of tags, nothing proves it, and a mirror copies what was asked for.
    fetchReferrers: (target, digest, signal) =>
      places.ask({ target, kind: 'list', signal }, (place, bounded) =>
        client.fetchReferrers(place, digest, bounded),
      ),
    firstTagPage: (target, signal) =>
      places.ask({ target, kind: 'list', signal }, (place, bounded) =>
        client.firstTagPage(place, bounded),
      ),
    ping: (target, signal) => client.ping(target, signal),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Gone, or other bytes than the digest says. */
function hasNotWhatItNamed(error: unknown): boolean {
  const isOurs = error instanceof RegistryError;
  return isOurs && (error.code === 'NotFound' || error.code === 'InvalidManifest');
}
