import type { CheckState } from '@tagtrail/image-stream';
import { expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { describeCheck } from './describe-check.ts';

const judge = () => ({ state: 'Stale', since: 5_000 }) as const;

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
  const { tags } = describeCheck(aStream('web'), new Map([['latest', state]]), judge);
  expect(tags).toMatchObject([
    { lastChecked: '1970-01-01T00:00:01.000Z', lastChanged: null, nextDue: null },
  ]);
});

it('tells the freshness of a tag in the words of the API, and since when it fails', () => {
  const told: unknown[] = [];
  const stream = aStream('web');
  const failure = { reason: 'NotFound', message: 'gone', generation: 1 };
  const condition = { type: 'ImportSuccess', status: 'False', ...failure } as const;
  const failing = {
    tag: 'latest',
    items: null,
    conditions: [{ ...condition, lastTransitionTime: '2026-11-23T10:00:00Z' }],
  };
  const status = { dockerImageRepository: '', tags: [failing] };
  const judgements = [
    { state: 'Stale', since: 5_000 },
    { state: 'Blocked', until: 7_000 },
    { state: 'Failing', reason: 'NotFound', since: 9_000 },
    { state: 'Never' },
  ] as const;
  const shown = judgements.map((judgement) => {
    const { tags } = describeCheck(
      { ...stream, status },
      new Map([['latest', state]]),
      (_, since) => {
        told.push(since);
        return judgement;
      },
    );
    return tags[0]?.freshness;
  });
  expect(shown).toEqual([
    { state: 'Stale', since: '1970-01-01T00:00:05.000Z' },
    { state: 'Blocked', until: '1970-01-01T00:00:07.000Z' },
    { state: 'Failing', reason: 'NotFound', since: '1970-01-01T00:00:09.000Z' },
    { state: 'Never' },
  ]);
  expect(new Set(told)).toEqual(new Set([Date.parse('2026-11-23T10:00:00Z')]));
});
