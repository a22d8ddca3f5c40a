import { expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { wantedCopies } from './wanted-copies.ts';

const annotations = { 'tagtrail.dev/prefetch': 'true' };
const stream = (latest: readonly string[], wanted = true) =>
  aStream({ history: { latest, stable: ['quay.io/a/b:stable'] }, ...(wanted && { annotations }) });
const imagesOf = (jobs: ReturnType<typeof wantedCopies>) => jobs.map(({ image }) => image);
const heads = (of: ReturnType<typeof aStream>) =>
  of.status.tags?.map(({ items }) => items?.[0]?.image);

it('are none of a stream that does not ask for them, or is gone', () => {
  expect(wantedCopies(stream(['quay.io/a/b:1'], false))).toEqual([]);
  expect(wantedCopies(undefined)).toEqual([]);
});

it('are what the tags are at, each once', () => {
  const after = stream(['quay.io/a/b:2', 'quay.io/a/b:1']);
  expect(imagesOf(wantedCopies(after))).toEqual(heads(after));
  expect(wantedCopies(after)[0]).toMatchObject({
    version: 1,
    key: { namespace: 'demo', name: 'app', uid: 'uid-1' },
  });
});

it('are what is new after a change, and everything once the stream begins to ask', () => {
  const before = stream(['quay.io/a/b:1']);
  const after = stream(['quay.io/a/b:2', 'quay.io/a/b:1']);
  expect(imagesOf(wantedCopies(after, before))).toEqual([heads(after)?.[0]]);
  expect(wantedCopies(after, after)).toEqual([]);
  expect(imagesOf(wantedCopies(after, stream(['quay.io/a/b:1'], false)))).toEqual(heads(after));
});
