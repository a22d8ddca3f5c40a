import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLoggedResult, encodeLoggedResult } from './encode-logged-result.ts';
import { LISTED_TAGS_LIMIT } from './listed-tags.ts';
import type { RepositoryListingResult } from './repository-listing.ts';
import {
  count,
  failure,
  postponed,
  request,
  streamKey,
  tagName,
  word,
} from './testing/arbitraries.ts';

const LISTING: RepositoryListingResult = {
  kind: 'repository-listing',
  version: 1,
  fence: 12,
  key: { namespace: 'shop', name: 'web', uid: '0d1f' },
  generation: 3,
  reason: 'interval',
  dueAt: 1_000,
  startedAt: 1_002,
  finishedAt: 1_500,
  registry: 'docker.io',
  from: 'redis',
  outcome: { kind: 'listed', tags: ['latest', '7'] },
};

const listings: fc.Arbitrary<RepositoryListingResult> = fc.record(
  {
    kind: fc.constant('repository-listing'),
    version: fc.constant(1),
    fence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    key: fc.record(streamKey),
    generation: count,
    reason: fc.constantFrom('never-imported', 'retry', 'requested'),
    dueAt: count,
    startedAt: count,
    finishedAt: count,
    registry: word(259, 0),
    from: word(4_096),
    outcome: fc.oneof(
      fc.record({ kind: fc.constant('listed' as const), tags: fc.array(tagName) }),
      failure,
      postponed,
    ),
    request,
  },
  {
    requiredKeys: [
      'kind',
      'version',
      'fence',
      'key',
      'generation',
      'reason',
      'dueAt',
      'startedAt',
      'finishedAt',
      'registry',
      'from',
      'outcome',
    ],
  },
);

const listed = (tags: readonly string[]): RepositoryListingResult => ({
  ...LISTING,
  outcome: { kind: 'listed', tags },
});
const longNames = (number: number) =>
  Array.from({ length: number }, (_, at) => `${at}`.padStart(128, 'v'));

describe('a repository listing on the result log', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(listings, (listing) => {
        expect(decodeLoggedResult(encodeLoggedResult(listing))).toEqual({ ok: true, listing });
      }),
    );
  });

  it('may hold as many names as there may be, each as long as it may be', () => {
    const listing = listed(longNames(LISTED_TAGS_LIMIT));
    expect(decodeLoggedResult(encodeLoggedResult(listing))).toEqual({ ok: true, listing });
  });

  it.each<[string, readonly string[], string]>([
    ['longer than may be sent', longNames(LISTED_TAGS_LIMIT + 1), 'has 50001 tags, and at most'],
    ['with a name that no tag has', ['latest', 'hunter2 '], 'whose name no tag can have'],
    ['with a name that is too long', ['x'.repeat(129)], 'whose name no tag can have'],
  ])('becomes a failure when it is %s, because part of a list is no list', (_, tags, message) => {
    const text = encodeLoggedResult(listed(tags));
    expect(text).not.toContain('hunter2');
    expect(decodeLoggedResult(text)).toMatchObject({
      ok: true,
      listing: {
        outcome: { kind: 'failed', retryable: false, message: expect.stringContaining(message) },
      },
    });
  });

  it.each<[string, object, string]>([
    ['of an unknown version', { version: 2 }, 'not a repository listing result: version must be 1'],
    ['without a stream', { key: undefined }, 'key must be an object'],
    ['that no run made', { fence: 0 }, 'fence must be'],
    ['of an import', { outcome: { kind: 'unchanged' } }, 'outcome.kind must be one of listed'],
    ['that lists nothing', { outcome: { kind: 'listed' } }, 'outcome.tags must be a list of'],
    [
      'with a number for a name',
      { outcome: { kind: 'listed', tags: [7] } },
      'outcome.tags must be a list of at most 50000 tag names',
    ],
    [
      'with a path for a name',
      { outcome: { kind: 'listed', tags: ['../../secrets'] } },
      'outcome.tags must be a list',
    ],
    [
      'with a name too many',
      { outcome: { kind: 'listed', tags: Array(LISTED_TAGS_LIMIT + 1).fill('x') } },
      'outcome.tags must be a list',
    ],
    ['for a request without a name', { request: { replyTo: 'api', slot: 0 } }, 'request.id must'],
  ])('is refused when it is one %s', (_, change, message) => {
    expect(decodeLoggedResult(JSON.stringify({ ...LISTING, ...change }))).toEqual({
      ok: false,
      message: expect.stringContaining(message),
    });
  });
});
