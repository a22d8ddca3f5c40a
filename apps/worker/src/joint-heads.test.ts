import { type ManifestHead, RegistryError } from '@tagtrail/registry-client';
import { describe, expect, it } from 'vitest';
import { JointHeads } from './joint-heads.ts';

const target = {
  registry: 'a.example',
  endpoint: 'a.example',
  repository: 'team/app',
  insecure: false,
};
const question = { target, reference: 'latest', credentials: 'operator', fence: 7 };
const head: ManifestHead = { digest: `sha256:${'1'.repeat(64)}`, mediaType: undefined };
const never = new AbortController().signal;

/** A client that answers when it is told to. */
function open() {
  const asked: PromiseWithResolvers<ManifestHead>[] = [];
  const heads = new JointHeads({
    headManifest: (_, __, signal) => {
      const pending = Promise.withResolvers<ManifestHead>();
      signal.addEventListener('abort', () => pending.reject(signal.reason));
      asked.push(pending);
      return pending.promise;
    },
  });
  return { heads, asked };
}

describe('looks that ask the same at the same time', () => {
  it('send one request, and none counts as newer than it', async () => {
    const { heads, asked } = open();
    const all = [7, 8, 9].map((fence) => heads.head({ ...question, fence }, never));
    asked[0]?.resolve(head);
    expect(await Promise.all(all)).toEqual(Array(3).fill({ head, fence: 7 }));
    expect(asked).toHaveLength(1);
  });

  it('ask again once the answer is there', async () => {
    const { heads, asked } = open();
    const first = heads.head(question, never);
    asked[0]?.resolve(head);
    await first;
    const second = heads.head({ ...question, fence: 8 }, never);
    asked[1]?.resolve(head);
    expect(await second).toEqual({ head, fence: 8 });
  });

  it.each([
    ['of another tag', { reference: 'other' }],
    ['with other credentials', { credentials: 'namespace shop' }],
    ['over another transport', { target: { ...target, insecure: true } }],
    ['of another repository', { target: { ...target, repository: 'team/web' } }],
  ])('do not share with one %s', (_, change) => {
    const { heads, asked } = open();
    void heads.head(question, never);
    void heads.head({ ...question, ...change }, never);
    expect(asked).toHaveLength(2);
  });

  it('all hear what the registry says, also when it refuses', async () => {
    const { heads, asked } = open();
    const all = [heads.head(question, never), heads.head(question, never)];
    asked[0]?.reject(new RegistryError('NotFound', 'not found'));
    const ended = await Promise.allSettled(all);
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toHaveLength(1);
  });

  it('ask for themselves when the look that asked is stopped', async () => {
    const { heads, asked } = open();
    const stop = new AbortController();
    const first = heads.head(question, stop.signal);
    const second = heads.head({ ...question, fence: 8 }, never);
    stop.abort(new Error('stopped'));
    await expect(first).rejects.toThrow('stopped');
    await expect.poll(() => asked.length).toBe(2);
    asked[1]?.resolve(head);
    expect(await second).toEqual({ head, fence: 8 });
  });

  it('leave when they are stopped, without an end for the others', async () => {
    const { heads, asked } = open();
    const stop = new AbortController();
    const first = heads.head(question, never);
    const second = heads.head(question, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    asked[0]?.resolve(head);
    expect(await first).toEqual({ head, fence: 7 });
  });
});
