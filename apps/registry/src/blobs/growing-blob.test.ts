import { randomBytes } from 'node:crypto';
import type { BlobDraft } from '@tagtrail/blob-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, KeepingSink, openStoreForTest, type StoreForTest } from '../testing/a-draft.ts';
import { GrowingBlob } from './growing-blob.ts';

const content = randomBytes(1_000_000);
const range = { start: 0, end: content.length - 1 };

let opened: StoreForTest;
let draft: BlobDraft;
let growing: GrowingBlob;
beforeEach(async () => {
  opened = await openStoreForTest();
  draft = await opened.store.create(digestOf(content), content.length);
  growing = new GrowingBlob(draft);
});
afterEach(async () => {
  await draft[Symbol.asyncDispose]();
  await opened[Symbol.asyncDispose]();
});

async function grow(from = 0, to = content.length, step = 64 * 1024): Promise<void> {
  for (let at = from; at < to; at += step) {
    await growing.write(content.subarray(at, Math.min(at + step, to)));
  }
}

describe('a blob that grows', () => {
  it('reaches its readers as it comes, but for the last byte, which waits for the proof', async () => {
    const sink = new KeepingSink();
    growing.read(range, sink);
    await grow();
    expect(sink.bytes.equals(content.subarray(0, -1))).toBe(true);
    growing.verify();
    expect(await sink.over.promise).toBe('ended');
    expect(sink.bytes.equals(content)).toBe(true);
  });

  it('is whole for whoever comes late, and after everything', async () => {
    await grow(0, 500_000);
    const late = new KeepingSink();
    growing.read(range, late);
    await grow(500_000);
    growing.verify();
    const last = new KeepingSink();
    growing.read(range, last);
    expect([await late.over.promise, await last.over.promise]).toEqual(['ended', 'ended']);
    expect([late.bytes.equals(content), last.bytes.equals(content)]).toEqual([true, true]);
  });

  it('does not wait for a slow reader, who takes up later where he was', async () => {
    const slow = new KeepingSink();
    slow.isSlow = true;
    const quick = new KeepingSink();
    growing.read(range, slow);
    growing.read(range, quick);
    await grow();
    growing.verify();
    expect(await quick.over.promise).toBe('ended');
    expect(slow.bytes.length).toBeLessThan(100_000);
    slow.isSlow = false;
    slow.wanted?.();
    expect(await slow.over.promise).toBe('ended');
    expect(slow.bytes.equals(content)).toBe(true);
  });

  it('is read back from the draft for a reader who is far behind', async () => {
    const long = randomBytes(6_000_000);
    await using other = await opened.store.create(digestOf(long), long.length);
    const longer = new GrowingBlob(other);
    const slow = new KeepingSink();
    slow.isSlow = true;
    longer.read({ start: 0, end: long.length - 1 }, slow);
    for (let at = 0; at < long.length; at += 65_536) {
      await longer.write(long.subarray(at, at + 65_536));
    }
    longer.verify();
    slow.isSlow = false;
    slow.wanted?.();
    expect(await slow.over.promise).toBe('ended');
    expect(slow.bytes.equals(long)).toBe(true);
  });

  it.each([
    [0, 0],
    [0, 99],
    [65_535, 65_536],
    [500_000, 999_999],
    [999_999, 999_999],
  ])('is read from %i to %i by whoever wants that', async (start, end) => {
    const sink = new KeepingSink();
    growing.read({ start, end }, sink);
    await grow();
    expect(sink.bytes.equals(content.subarray(start, end))).toBe(true);
    growing.verify();
    expect(await sink.over.promise).toBe('ended');
    expect(sink.bytes.equals(content.subarray(start, end + 1))).toBe(true);
  });

  it('that turns out to be another one is nobody’s: all are cut, and none has its end', async () => {
    const [whole, part, late] = [new KeepingSink(), new KeepingSink(), new KeepingSink()];
    growing.read(range, whole);
    growing.read({ start: 10, end: 19 }, part);
    await grow(0, content.length - 1);
    await growing.write(Buffer.from([content.at(-1) === 0 ? 1 : 0]));
    expect(() => growing.verify()).toThrow();
    growing.fail(new Error('not it'));
    growing.read(range, late);
    for (const sink of [whole, part, late]) {
      expect(await sink.over.promise).toMatchObject({ error: { message: 'not it' } });
    }
    expect([whole.bytes.length, part.bytes.length, late.bytes.length]).toEqual([
      content.length - 1,
      9,
      0,
    ]);
  });

  it('forgets who leaves, and tells when nobody reads', async () => {
    const sink = new KeepingSink();
    const leave = growing.read(range, sink);
    await grow(0, 100_000);
    const before = sink.bytes.length;
    leave();
    await growing.left;
    await grow(100_000);
    expect(sink.bytes.length).toBe(before);
  });
});
