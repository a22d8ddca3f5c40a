import { setTimeout as delay } from 'node:timers/promises';
import { serviceUnavailable } from '@tagtrail/apimachinery';
import { describe, expect, it } from 'vitest';
import { MoveLog } from '../status/move-log.ts';
import { StatusError } from '../status-error.ts';
import { anOverview, OVERVIEW_TIME } from '../testing/an-overview.ts';
import { OverviewFeed } from './overview-feed.ts';
import { overviewFrames } from './overview-frames.ts';

/** ms; longer than any test. */
const LONG = 60_000;

/** A feed whose reader answers a new overview each time, until it is told to fail. */
function openFeed() {
  const stop = new AbortController();
  const moves = new MoveLog();
  const state = { readings: 0, failures: 0, failing: false };
  const reader = {
    async get() {
      if (state.failing) {
        state.failures += 1;
        throw new Error('Redis is away');
      }
      state.readings += 1;
      return anOverview([], { at: new Date(OVERVIEW_TIME + state.readings * 1_000).toISOString() });
    },
  };
  const feed = new OverviewFeed({ reader, moves, interval: 1 });
  const running = feed.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  const reached = async (number: number) => {
    while (feed.newest < number) await feed.changed(feed.newest, LONG, stop.signal);
  };
  return { feed, moves, state, stop, end, reached };
}

const move = (tag: string) => ({
  namespace: 'shop',
  name: 'web',
  tag,
  from: null,
  to: 'sha256:1',
  at: '2026-11-23T10:00:00Z',
});

interface Told {
  readonly id: number;
  readonly event: string;
  readonly data: {
    readonly samples?: readonly object[];
    readonly tag?: string;
    readonly at?: string;
  };
}

async function next(frames: ReturnType<typeof overviewFrames>): Promise<readonly Told[]> {
  const text = Buffer.concat((await frames.next()).value ?? []).toString();
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('id: '))
    .map((block) => {
      const [, id, event = '', data = ''] =
        /^id: r-(\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      return { id: Number(id), event, data: JSON.parse(data) as Told['data'] };
    });
}

function listen(feed: OverviewFeed, lastEventId?: string) {
  return overviewFrames(feed, { run: 'r', lastEventId, signal: new AbortController().signal });
}

/** ms that a reading took which failed in the end. */
const FAILED_AFTER = 300;
/** ms; the pause after a reading that took so long and succeeded would be longer. */
const SOON = 2_500;

describe('OverviewFeed', () => {
  it("keeps the words of what is nobody else's business", async () => {
    const { feed, state, end, reached } = openFeed();
    state.failing = true;
    // One reading may be on its way.
    await reached(feed.newest + 2);
    await end();
    expect(feed.after(0).trouble?.value).toBe('the overview cannot be read');
  });

  it('reads again at once after a reading that took long and failed', async () => {
    const stop = new AbortController();
    let readings = 0;
    const reader = {
      async get() {
        readings += 1;
        if (readings > 1) return anOverview();
        await delay(FAILED_AFTER);
        throw new StatusError(serviceUnavailable('Redis does not answer', 2));
      },
    };
    const feed = new OverviewFeed({ reader, moves: new MoveLog(), interval: 1 });
    const running = feed.run(stop.signal);
    const frames = listen(feed);
    await next(frames);
    expect(await next(frames)).toEqual([]);
    expect(await next(frames)).toEqual([
      { id: 1, event: 'trouble', data: { message: 'Redis does not answer' } },
    ]);
    await feed.changed(1, SOON, stop.signal);
    expect(await next(frames)).toMatchObject([{ id: 2, event: 'overview' }]);
    expect(feed.after(0).trouble).toBeUndefined();
    stop.abort();
    await running;
  });

  it('holds the samples of five minutes and the newest overview', async () => {
    const { feed, end, reached } = openFeed();
    await reached(350);
    await end();
    const { samples, overview } = feed.after(0);
    expect(samples).toHaveLength(300);
    expect(samples.at(-1)?.number).toBe(feed.newest);
    expect(overview?.number).toBe(feed.newest);
    expect(feed.after(feed.newest - 2).samples).toHaveLength(2);
    expect(feed.after(feed.newest)).toEqual({ samples: [], moves: [], overview: undefined });
  });

  it('holds the last fifty moves', async () => {
    const { feed, moves, state, end, reached } = openFeed();
    state.failing = true;
    for (let number = 0; number < 50; number += 1) moves.log.append(move(`a${number}`), 1);
    await reached(50);
    for (let number = 0; number < 10; number += 1) moves.log.append(move(`b${number}`), 1);
    await reached(60);
    await end();
    const held = feed.after(0).moves.map(({ value }) => value.tag);
    expect([held.length, held[0], held.at(-1)]).toEqual([50, 'a10', 'b9']);
  });

  it('leaves a gap while nothing can be read, and goes on', async () => {
    const { state, feed, end, reached } = openFeed();
    await reached(3);
    state.failing = true;
    while (state.failures < 2) await new Promise((resolve) => setImmediate(resolve));
    const before = feed.newest;
    state.failing = false;
    await reached(before + 2);
    await end();
    expect(feed.after(0).samples).toHaveLength(state.readings);
    expect(feed.newest).toBeGreaterThanOrEqual(before + 2);
  });

  it('ends though a reading never does', async () => {
    const stop = new AbortController();
    const reader = { get: () => new Promise<never>(() => undefined) };
    const running = new OverviewFeed({ reader, moves: new MoveLog() }).run(stop.signal);
    stop.abort();
    await running;
    expect(stop.signal.aborted).toBe(true);
  });
});

describe('overviewFrames', () => {
  it('tells the history, the held moves and the newest overview, then what happens', async () => {
    const { feed, moves, end, reached } = openFeed();
    await reached(3);
    moves.log.append(move('v1'), 1);
    await reached(feed.newest + 3);
    await end();
    const frames = listen(feed);
    const [history] = await next(frames);
    expect(history?.event).toBe('history');
    expect(history?.data.samples).toHaveLength(feed.newest - 1);
    const rest = await next(frames);
    expect(rest.map(({ event }) => event)).toEqual(['move', 'overview']);
    expect(rest.at(-1)?.id).toBe(feed.newest);
    expect(history?.id).toBe((rest[0]?.id ?? 0) - 1);
  });

  it('tells who comes back only what came after', async () => {
    const { feed, moves, end, reached } = openFeed();
    moves.log.append(move('old'), 1);
    await reached(4);
    const seen = feed.newest;
    moves.log.append(move('new'), 1);
    await reached(seen + 3);
    await end();
    const frames = listen(feed, `r-${seen}`);
    const [history] = await next(frames);
    expect(history?.data.samples).toHaveLength(feed.newest - seen - 1);
    const told = await next(frames);
    expect(told.flatMap(({ data }) => data.tag ?? [])).toEqual(['new']);
  });

  it.each(['other-3', 'r-x', 'r', ''])('takes who comes with %j for a new one', async (id) => {
    const { feed, end, reached } = openFeed();
    await reached(3);
    await end();
    const [history] = await next(listen(feed, id));
    expect(history?.data.samples).toHaveLength(feed.newest);
  });

  it('asks who comes back too soon to wait for what is to come', async () => {
    const { feed, end, reached } = openFeed();
    await reached(2);
    await end();
    const [history] = await next(listen(feed, `r-${feed.newest + 50}`));
    expect(history).toMatchObject({ id: feed.newest, data: { samples: [] } });
  });

  it('tells a slow reader the newest overview only', async () => {
    const { feed, end, reached } = openFeed();
    const frames = listen(feed);
    await next(frames);
    await next(frames);
    await reached(feed.newest + 20);
    await end();
    const told = await next(frames);
    expect(told.map(({ event, id }) => [event, id])).toEqual([['overview', feed.newest]]);
  });

  it('keeps a silent connection alive with comments', async () => {
    const { feed, state, end } = openFeed();
    state.failing = true;
    await end();
    const { signal } = new AbortController();
    const frames = overviewFrames(feed, { run: 'r', lastEventId: undefined, signal, keepAlive: 5 });
    const text = async () => Buffer.concat((await frames.next()).value ?? []).toString();
    await text();
    await text();
    expect(await text()).toBe(': nothing new\n\n');
  });
});
