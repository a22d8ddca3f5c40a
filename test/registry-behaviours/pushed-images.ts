import { createHash } from 'node:crypto';
import type { ImportOutcome } from '@tagtrail/image-stream';
import type { Push } from '@tagtrail/registry-simulator';

/** An index over two images; a look in Legacy mode takes the first. */
export const TWO = { platforms: ['linux/amd64', 'linux/arm64'] };

/** What a look must find that saw the push as it was made. */
export function imported(push: Push) {
  return {
    kind: 'imported',
    upstreamDigest: push.digest,
    image: push.children[0]?.digest ?? push.digest,
  };
}

/** What a record knows after a look. Throws when the look imported nothing. */
export function knownOf(outcome: ImportOutcome) {
  if (outcome.kind !== 'imported') throw new Error(`not imported but ${JSON.stringify(outcome)}`);
  return { upstreamDigest: outcome.upstreamDigest, image: outcome.image };
}

export function hexOf(text: string, algorithm: 'sha256' | 'sha512' = 'sha256'): string {
  return createHash(algorithm).update(text).digest('hex');
}
