import type { ImportOutcome, TagOutcome } from '@tagtrail/image-stream';
import {
  digest,
  T0,
} from '../../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';
import { found } from '../../../../packages/image-stream-redis/src/testing/record-for-test.ts';

/** A look with any outcome; `found` is one that saw a new image. */
export function look(
  fence: number,
  outcome: ImportOutcome,
  fields: Partial<TagOutcome> = {},
): TagOutcome {
  return { ...found('1', fence), outcome, ...fields };
}

export function unchanged(digit: string): ImportOutcome {
  return { kind: 'unchanged', upstreamDigest: digest(digit), image: digest(digit) };
}

export const failed: ImportOutcome = {
  kind: 'failed',
  reason: 'Timeout',
  message: 'slow',
  retryable: true,
};

export const postponed: ImportOutcome = {
  kind: 'postponed',
  until: T0 + 600_000,
  message: 'quay.io/acme/app:latest: not asked',
};
