import type { CheckState } from '@tagtrail/image-stream';
import { expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { describeCheck } from './describe-check.ts';

const state: CheckState = {
  generation: 1,
  host: 'quay.io',
  repository: 'quay.io/acme/app',
  schedule: null,
  suspended: false,
  fence: 3,
  lastChecked: 1_000,
  lastChanged: null,
  nextDue: 9e15,
  attempts: 0,
  outcome: 'imported',
  message: '',
  upstreamDigest: null,
  image: null,
};

it('shows a time that is no date as one that is not known, and the others as they are', () => {
  const { tags } = describeCheck(aStream('web'), new Map([['latest', state]]));
  expect(tags).toMatchObject([
    { lastChecked: '1970-01-01T00:00:01.000Z', lastChanged: null, nextDue: null },
  ]);
});
