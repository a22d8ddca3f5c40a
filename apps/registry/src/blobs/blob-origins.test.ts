import { expect, it } from 'vitest';
import { digestOf } from '../testing/a-draft.ts';
import { aStream } from '../testing/a-stream.ts';
import { BlobOrigins } from './blob-origins.ts';

const digest = digestOf(Buffer.from('layer'));
const mine = aStream({ history: { latest: ['quay.io/a/b:1', 'localhost:5420/demo/app:1'] } });
const theirs = aStream({ history: { latest: ['evil.example/x:1'] } });

function origins(delivered: string[]) {
  let asked = 0;
  const store = {
    add: async (_: string, repository: string) => void delivered.push(repository),
    deliveredBy: async (_: string, repositories: readonly string[]) => {
      asked += 1;
      return repositories.some((one) => delivered.includes(one));
    },
  };
  const made = new BlobOrigins({ store, ownHosts: new Set(['localhost:5420']) });
  return { made, asked: () => asked };
}

it('give a copy to streams from where it was delivered, and to no others', async () => {
  const { made, asked } = origins([]);
  expect(await made.mayShare(mine, digest)).toBe(false);
  await made.add(digest, 'quay.io/a/b');
  expect(await made.mayShare(mine, digest)).toBe(true);
  const before = asked();
  expect(await made.mayShare(mine, digest)).toBe(true);
  expect(asked()).toBe(before);
  const other = { ...theirs, metadata: { ...theirs.metadata, uid: 'uid-2' } };
  expect(await made.mayShare(other, digest)).toBe(false);
});

it('let streams of the same places share a download', () => {
  const { made } = origins([]);
  expect(made.groupOf(mine)).toBe('quay.io/a/b');
  expect(made.groupOf(theirs)).toBe('evil.example/x');
  expect(made.hostOf(mine)).toBe('quay.io');
  expect(made.hostOf(aStream({}))).toBe('');
});
