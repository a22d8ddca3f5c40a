import type { WatchEvent } from '@tagtrail/apimachinery';
import { type ImageStream, StoreError } from '@tagtrail/image-stream';
import { createLogger } from '@tagtrail/observability';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryChangeLog } from '../testing/memory-change-log.ts';
import { ChangeFeed } from './change-feed.ts';
import { ChangeFollower } from './follow-changes.ts';
import { createFrameRenderer } from './frame-renderer.ts';
import { WatchFrames, type WatchRequest } from './watch-frames.ts';

const FROM_NOW: WatchRequest = {
  selection: {},
  resourceVersion: undefined,
  replay: false,
  markEndOfReplay: false,
  bookmarks: false,
};

describe('WatchFrames', () => {
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  let stop: AbortController;
  let streams: MemoryChangeLog;
  let feed: ChangeFeed;
  let running: Promise<void>;
  let clock: number;

  beforeEach(async () => {
    stop = new AbortController();
    streams = new MemoryChangeLog();
    feed = new ChangeFeed({ streams, logger });
    running = feed.run(stop.signal);
    clock = 0;
    await until(() => feed.head !== undefined);
  });

  afterEach(async () => {
    stop.abort();
    await running;
  });

  function watch(request: Partial<WatchRequest>, list: Pick<MemoryChangeLog, 'list'> = streams) {
    const follower = new ChangeFollower({ feed, streams });
    const renderer = createFrameRenderer({
      representation: { kind: 'object' },
      includeObject: 'Metadata',
      now: Date.now,
    });
    const parts = {
      streams: list,
      follower,
      renderer,
      bookmarkInterval: 60_000,
      clock: () => clock,
    };
    return new WatchFrames(parts, { ...FROM_NOW, ...request }).run(stop.signal);
  }

  it('does not repeat what a replay found newer than the version it started from', async () => {
    streams.put('early');
    await until(() => feed.head === streams.resourceVersion);
    // The version is read before the objects are: a change in between shows in the objects already.
    const racing = {
      list: async () => {
        const { resourceVersion } = streams;
        streams.put('early', { step: 'raced' });
        streams.put('late');
        return { ...(await streams.list()), resourceVersion };
      },
    };
    const events = eventsOf(watch({ replay: true }, racing));
    const replayed = [await next(events), await next(events)];
    expect(replayed.toSorted()).toEqual(['ADDED early@102', 'ADDED late@103']);
    streams.put('early', { step: 'later' });
    expect(await next(events)).toBe('MODIFIED early@104');
    streams.delete('late');
    expect(await next(events)).toBe('DELETED late@105');
  });

  it('bookmarks how far it is, also when nothing of what happens is selected', async () => {
    const frames = watch({ selection: { namespace: 'other' }, bookmarks: true });
    expect((await frames.next()).value).toEqual([]);
    clock = 60_000;
    streams.put('unseen');
    expect(await next(eventsOf(frames))).toBe('BOOKMARK @101');
  });

  it('says last how far it was, when it may', async () => {
    streams.put('one');
    await until(() => feed.head === streams.resourceVersion);
    const events = eventsOf(watch({ bookmarks: true, replay: true }));
    expect(await next(events)).toBe('ADDED one@101');
    stop.abort();
    expect(await next(events)).toBe('BOOKMARK @101');
    expect(await next(events)).toBe('end');
  });

  it('refuses a replay that can not be as new as was asked', async () => {
    const events = watch({ replay: true, resourceVersion: '999' });
    await expect(events.next()).rejects.toMatchObject({ status: { code: 410 } });
  });

  it('fails as the store fails', async () => {
    streams.fail(new StoreError('unavailable', 'down'));
    await expect(watch({ replay: true }).next()).rejects.toBeInstanceOf(StoreError);
  });
});

async function* eventsOf(frames: AsyncGenerator<readonly Uint8Array[], void>) {
  for await (const batch of frames) {
    for (const frame of batch) {
      yield JSON.parse(new TextDecoder().decode(frame)) as WatchEvent<ImageStream>;
    }
  }
}

async function next(events: ReturnType<typeof eventsOf>): Promise<string> {
  const { value } = await events.next();
  if (value === undefined) return 'end';
  const { name = '', resourceVersion } = (value.object as ImageStream).metadata;
  return `${value.type} ${name}@${resourceVersion}`;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
