import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, KeepingSink, openStoreForTest, type StoreForTest } from '../testing/a-draft.ts';
import type { Download, FetchBlob } from './download.ts';
import { Downloads } from './downloads.ts';

const content = randomBytes(3_000_000);
const blob = { digest: digestOf(content), size: content.length };
const range = { start: 0, end: content.length - 1 };

let opened: StoreForTest;
let stopping: AbortController;
let downloads: Downloads;
let ended: unknown[];
let asked: number;
let noted: string[];
let doubted: string[];
beforeEach(async () => {
  opened = await openStoreForTest();
  stopping = new AbortController();
  ended = [];
  asked = 0;
  noted = [];
  doubted = [];
  const doubt = (digest: string, repository: string) =>
    void doubted.push(`${repository} ${digest}`);
  const note = async (digest: string, repository: string) =>
    void noted.push(`${repository} ${digest}`);
  const onEnded = ({ error }: { readonly error: unknown }) => void ended.push(error);
  downloads = new Downloads({ store: opened.store, signal: stopping.signal, note, doubt, onEnded });
});
afterEach(async () => {
  stopping.abort();
  await downloads.settled();
  await opened[Symbol.asyncDispose]();
});

/** Gives the bytes in pieces, as far as `until`, and then fails if that is not all. */
function from(bytes: Buffer, until = bytes.length): FetchBlob {
  return async (_, sink, signal) => {
    asked += 1;
    for (let at = 0; at < until; at += 50_000) {
      signal.throwIfAborted();
      await sink.write(bytes.subarray(at, Math.min(at + 50_000, until)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (until < bytes.length) throw new Error('broken off');
    return 'quay.io/a/b';
  };
}

function start(fetch: FetchBlob, wanted = blob, group = 'quay.io/a/b') {
  const openCopy = () => opened.store.open(wanted.digest);
  const place = { group, host: group, namespace: group };
  return downloads.start({ blob: wanted, fetch, ...place, openCopy });
}

async function started(fetch: FetchBlob): Promise<Download> {
  const download = await start(fetch);
  if (download === undefined) throw new Error('stored already');
  return download;
}

function reading(download: Download, part = range): KeepingSink {
  const sink = new KeepingSink();
  download.read(part, sink);
  return sink;
}

describe('downloads', () => {
  it('are one for each digest, however many ask, in whatever parts', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => started(from(content))));
    const eighth = Math.ceil(content.length / 8);
    const sinks = all.map((download, index) =>
      reading(download, {
        start: (index % 8) * eighth,
        end: Math.min((index % 8) * eighth + eighth, content.length) - 1,
      }),
    );
    for (const [index, sink] of sinks.entries()) {
      expect(await sink.over.promise).toBe('ended');
      const start = (index % 8) * eighth;
      expect(sink.bytes.equals(content.subarray(start, start + eighth))).toBe(true);
    }
    expect(asked).toBe(1);
    await downloads.settled();
    expect(await start(from(content))).toBeUndefined();
    expect(asked).toBe(1);
    expect(ended).toEqual([undefined]);
  });

  it('are not shared by those who have other places to ask', async () => {
    const download = await started(from(content));
    const other = await start(from(content), blob, 'evil.example/x');
    expect(other).not.toBe(download);
    await downloads.settled();
    expect(asked).toBe(2);
  });

  it('end in the store, verified', async () => {
    await reading(await started(from(content))).over.promise;
    await downloads.settled();
    expect(noted).toEqual([`quay.io/a/b ${blob.digest}`]);
    const held = await opened.store.open(blob.digest);
    if (held === undefined) throw new Error('not stored');
    expect((await buffer(held.read())).equals(content)).toBe(true);
    await held[Symbol.asyncDispose]();
  });

  it('go on when the client who asked leaves', async () => {
    const download = await started(from(content));
    download.read(range, new KeepingSink())();
    await downloads.settled();
    expect(ended).toEqual([undefined]);
  });

  it.each([
    ['breaks off', from(content, 1_000_000), 'broken off'],
    ['brings other bytes', from(randomBytes(content.length)), undefined],
    ['brings less', from(content.subarray(0, -1)), undefined],
    ['brings more', from(Buffer.concat([content, randomBytes(10)])), undefined],
  ])('from who %s leave nothing behind, and nobody has all of it', async (_, fetch, message) => {
    const sink = reading(await started(fetch));
    expect(await sink.over.promise).toMatchObject({
      error: message ? { message } : { code: expect.stringMatching(/^(mismatch|too-long)$/) },
    });
    expect(sink.bytes.length).toBeLessThan(content.length);
    await downloads.settled();
    expect(await opened.store.open(blob.digest)).toBeUndefined();
    expect(readdirSync(join(opened.folder, 'drafts'))).toEqual([]);
    expect(doubted.length).toBeLessThanOrEqual(1);
    const again = reading(await started(from(content)));
    expect(await again.over.promise).toBe('ended');
  });

  it('tell whoever waits for the first byte why none came', async () => {
    const download = await started(async () => Promise.reject(new Error('no such host')));
    await expect(download.begun).rejects.toThrow('no such host');
  });

  it('are cut off when the registry stops', async () => {
    const sink = new KeepingSink();
    const download = await started(
      (_, __, signal) =>
        new Promise((___, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    download.read(range, sink);
    stopping.abort();
    expect(await sink.over.promise).toMatchObject({ error: expect.anything() });
    await downloads.settled();
  });

  it('doubt who delivers something else under the digest', async () => {
    const sink = reading(await started(from(randomBytes(content.length))));
    await sink.over.promise;
    await downloads.settled();
    expect([doubted, noted]).toEqual([[`quay.io/a/b ${blob.digest}`], []]);
  });

  it('that cannot be kept cut nobody off who has a right to all of it', async () => {
    const sink = new KeepingSink();
    sink.isSlow = true;
    const failing = new Downloads({
      store: opened.store,
      signal: stopping.signal,
      note: () => Promise.reject(new Error('Redis is away')),
      doubt: () => undefined,
      onEnded: ({ error }) => void ended.push(error),
    });
    const openCopy = () => opened.store.open(blob.digest);
    const place = { group: 'a', host: 'a', namespace: 'a' };
    const download = await failing.start({ blob, fetch: from(content), ...place, openCopy });
    download?.read(range, sink);
    await expect(download?.stored).rejects.toThrow('Redis is away');
    sink.isSlow = false;
    sink.wanted?.();
    expect(await sink.over.promise).toBe('ended');
    expect(sink.bytes.equals(content)).toBe(true);
    await failing.settled();
  });

  it('wait for those from the same place, but not for those from others', async () => {
    const hanging: FetchBlob = (_, __, signal) =>
      new Promise((___, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const waiting = Array.from({ length: 12 }, (_, index) =>
      start(hanging, { digest: digestOf(Buffer.from([index])), size: 1 }, 'hanging.example'),
    );
    await Promise.all(waiting.slice(0, 8));
    const download = await started(from(content));
    expect(await reading(download).over.promise).toBe('ended');
    stopping.abort();
    await Promise.allSettled(waiting);
  });
});
