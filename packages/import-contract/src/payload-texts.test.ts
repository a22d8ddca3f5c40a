import { describe, expect, it } from 'vitest';
import { decodeLoggedResult, encodeLoggedResult } from './encode-logged-result.ts';
import { LISTED_TAGS_LIMIT } from './listed-tags.ts';
import type { RepositoryListingResult } from './repository-listing.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const RESULT = {
  version: 1,
  fence: 12,
  key: { namespace: 'shop', name: 'web', uid: '0d1f', tag: 'latest' },
  generation: 3,
  requestCount: 0,
  reason: 'interval',
  dueAt: 1_000,
  startedAt: 1_002,
  finishedAt: 1_500,
  registry: 'docker.io',
  from: 'redis:7',
  outcome: { kind: 'unchanged', upstreamDigest: DIGEST, image: DIGEST },
};

const { requestCount: _, ...others } = RESULT;
const LISTING = { ...others, kind: 'repository-listing', reason: 'requested', from: 'redis' };

describe('what is wrong with a payload', () => {
  it.each<[problem: string, change: object]>([
    ['from must be a text of 1 to 4096 characters', { from: '' }],
    ['from must be a text of 1 to 4096 characters', { from: 'x'.repeat(4_097) }],
    [
      'request.id must be 1 to 128 letters, digits, dots, dashes or underscores',
      { request: { id: 'a b', replyTo: 'api-1', slot: 0 } },
    ],
    ['key must be an object', { key: [] }],
    ['fence must be a whole number of at least 1', { fence: 0 }],
    ['version must be 1', { version: 2 }],
  ])('is named: %s', (problem, change) => {
    expect(decodeLoggedResult(JSON.stringify({ ...RESULT, ...change }))).toEqual({
      ok: false,
      message: `not an import result: ${problem}`,
    });
  });

  it.each<[message: string, tags: readonly string[]]>([
    [
      'the repository has 50001 tags, and at most 50000 are taken',
      Array<string>(LISTED_TAGS_LIMIT + 1).fill('x'),
    ],
    ['the registry listed a tag whose name no tag can have', ['latest', '../x']],
  ])('becomes the outcome of a list: %s', (message, tags) => {
    const listing = { ...LISTING, outcome: { kind: 'listed', tags } } as RepositoryListingResult;
    expect(decodeLoggedResult(encodeLoggedResult(listing))).toMatchObject({
      ok: true,
      listing: { outcome: { kind: 'failed', reason: 'RegistryError', message } },
    });
  });
});
