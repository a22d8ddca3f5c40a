import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createLogger } from '@tagtrail/observability';
import { describe, expect, it } from 'vitest';
import { MemoryChangeLog } from '../testing/memory-change-log.ts';
import { ChangeFeed } from './change-feed.ts';
import { ChangeFollower } from './follow-changes.ts';
import { OpenWatches } from './open-watches.ts';
import { withKnownFailures } from './with-known-failures.ts';

/** ms; longer than any test. */
const LONG = 600_000;
/** Watches that may read the store on their own at once. */
const CATCHING_UP = 16;

/** A feed that holds two changes, and who follows it. */
function openFeed() {
  const streams = new MemoryChangeLog();
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  const feed = new ChangeFeed({ streams, logger, limits: { entries: 2, bytes: 1_000_000 } });
  const stop = new AbortController();
  const { signal } = stop;
  const follower = new ChangeFollower({ feed, streams });
  const follow = (resourceVersion: string) =>
    follower.follow({ resourceVersion, tick: LONG, signal });
  return { streams, feed, stop, follow };
}

describe('a watch that can not be served is told', () => {
  it('that nobody has read the change log yet', async () => {
    await expect(openFeed().follow('100').next()).rejects.toMatchObject({
      status: { code: 503, message: 'the change log is not being read yet' },
    });
  });

  it('that its version is to come', async () => {
    const { feed, stop, follow } = openFeed();
    const running = feed.run(stop.signal);
    await until(() => feed.head !== undefined);
    await expect(follow('999').next()).rejects.toMatchObject({
      status: { code: 410, message: 'resource version 999 is newer than the current one, 100' },
    });
    stop.abort();
    await running;
  });

  it('that too many others catch up', async () => {
    const { streams, feed, stop, follow } = openFeed();
    const running = feed.run(stop.signal);
    await until(() => feed.head !== undefined);
    for (let count = 0; count < 9; count += 1) streams.put(`early-${count}`);
    await until(() => feed.head === streams.resourceVersion);
    const others = Array.from({ length: CATCHING_UP }, () => follow('100'));
    await Promise.all(others.map((batches) => batches.next()));
    await expect(follow('100').next()).rejects.toMatchObject({
      status: {
        code: 429,
        message: `${CATCHING_UP} watches are catching up with old versions already`,
        details: { retryAfterSeconds: 2 },
      },
    });
    await Promise.all(others.map((batches) => batches.return()));
    stop.abort();
    await running;
  });

  it('that too many others are open', () => {
    const watches = new OpenWatches(1);
    const response = () => new EventEmitter() as unknown as ServerResponse;
    const { leave } = watches.enter(response(), LONG);
    expect(() => watches.enter(response(), LONG)).toThrow('1 watches are open already');
    leave();
    watches.enter(response(), LONG).leave();
  });

  it('that the store failed under it', async () => {
    // biome-ignore lint/correctness/useYield: it fails before it has anything.
    async function* failing(): AsyncGenerator<number, void> {
      throw new Error('Connection is closed.');
    }
    await expect(withKnownFailures(failing()).next()).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the store failed while a watch read it',
    });
  });
});

/** Lets everything that can happen now happen until the condition holds; vitest's timeout is the limit. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
