import type { ImageStream, StreamEvent } from '@tagtrail/image-stream';
import { createLogger } from '@tagtrail/observability';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { StreamCache } from './stream-cache.ts';

const output = { write: () => undefined };
const logger = createLogger({ name: 'test', level: 'silent', format: 'json', output });
/** ms that a busy machine may take. */
const BUSY = { timeout: 10_000 };
const key = { namespace: 'demo', name: 'app' };
const version = (resourceVersion: string): ImageStream => {
  const made = aStream({});
  return { ...made, metadata: { ...made.metadata, resourceVersion } };
};

let stored: ImageStream | undefined;
let reads: number;
let isAway: boolean;
let clock: number;
let send: (event: Omit<StreamEvent, 'resourceVersion' | 'key'>) => void;
let breakOff: () => void;
let stopping: AbortController;
let cache: StreamCache;
let running: Promise<void>;

beforeEach(async () => {
  stored = version('7');
  reads = 0;
  isAway = false;
  clock = 0;
  stopping = new AbortController();
  const following = Promise.withResolvers<void>();
  cache = new StreamCache({
    logger,
    now: () => clock,
    streams: {
      read: async () => {
        reads += 1;
        if (isAway) throw new Error('away');
        return stored;
      },
      list: async () => {
        if (isAway) throw new Error('away');
        return { items: [], resourceVersion: '7' };
      },
      async *watch(_, signal) {
        const queue: StreamEvent[][] = [];
        let wake = Promise.withResolvers<void>();
        let isBroken = false;
        send = (event) => {
          queue.push([
            { ...event, key, resourceVersion: event.after?.metadata.resourceVersion ?? '' },
          ]);
          wake.resolve();
        };
        breakOff = () => {
          isBroken = true;
          wake.resolve();
        };
        signal.addEventListener('abort', () => wake.resolve(), { once: true });
        following.resolve();
        while (!signal.aborted) {
          await wake.promise;
          wake = Promise.withResolvers<void>();
          if (isBroken) throw new Error('broken off');
          for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) yield batch;
        }
      },
    },
  });
  running = cache.run(stopping.signal);
  await following.promise;
});
afterEach(async () => {
  stopping.abort();
  await running;
});

const versionRead = async () => (await cache.read(key))?.metadata.resourceVersion;

describe('records in memory', () => {
  it('are read once, and replaced by what the change log tells', async () => {
    expect([await versionRead(), await versionRead(), reads]).toEqual(['7', '7', 1]);
    send({ before: stored, after: version('8') });
    await expect.poll(versionRead, BUSY).toBe('8');
    expect(reads).toBe(1);
  });

  it('go back to no older version', async () => {
    await versionRead();
    send({ before: undefined, after: version('10') });
    await expect.poll(versionRead, BUSY).toBe('10');
    send({ before: undefined, after: version('9') });
    send({ before: undefined, after: version('11') });
    await expect.poll(versionRead, BUSY).toBe('11');
  });

  it('are gone when the stream is, and are another one afterwards', async () => {
    await versionRead();
    stored = undefined;
    send({ before: version('7'), after: undefined });
    await expect.poll(versionRead, BUSY).toBeUndefined();
    stored = version('12');
    expect(await versionRead()).toBe('12');
  });

  it('share one read between those who ask at the same time', async () => {
    await Promise.all([versionRead(), versionRead(), versionRead()]);
    expect(reads).toBe(1);
  });
});

describe('while Redis is away', () => {
  beforeEach(async () => {
    await versionRead();
    isAway = true;
    breakOff();
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('what is there is served, without waiting for Redis each time', async () => {
    expect([await versionRead(), await versionRead(), await versionRead()]).toEqual([
      '7',
      '7',
      '7',
    ]);
    expect(reads).toBe(2);
  });

  it('but not for more than a day, and nothing that is not there', async () => {
    await expect(cache.read({ namespace: 'demo', name: 'other' })).rejects.toThrow('away');
    clock = 24 * 3_600_000;
    await expect(cache.read(key)).rejects.toThrow('away');
  });

  it('and asked for anew once it is back', async () => {
    isAway = false;
    stored = version('20');
    await expect.poll(versionRead, BUSY).toBe('20');
  });
});
