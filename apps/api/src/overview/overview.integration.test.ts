import { decodeOverview, type Overview } from '@tagtrail/api-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, aStream, digest, moveTag } from '../testing/a-stream.ts';
import { type ApiForTest, openApiForTest, TOKEN } from '../testing/open-api-for-test.ts';

const PATH = '/apis/tagtrail.dev/v1/overview';
const headers = { authorization: `Bearer ${TOKEN}` };

describe('the overview of a running API', () => {
  let api: ApiForTest;

  beforeAll(async () => {
    api = await openApiForTest();
    const sources = { latest: 'quay.io/acme/web:latest', stable: 'quay.io/acme/web:stable' };
    await api.client.streams.create(aStream('web', { sources }));
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('tells what runs, what waits, and what is missing', async () => {
    const overview = await overviewWith(
      ({ services, schedule }) => services.length > 0 && schedule.scheduled > 0,
    );
    expect(overview).toMatchObject({
      queue: { waiting: 0 },
      requested: { waiting: 0 },
      results: { lag: 0, pending: 0, deadLetters: 0 },
      schedule: { scheduled: 2, leased: 0, oldest: { host: 'quay.io', key: { name: 'web' } } },
      completedPerSecond: 0,
      failedPerSecond: 0,
      outcomes: { never: 2 },
      missing: ['producer', 'worker', 'status-writer'],
      oneMoreWorker: { helps: true, text: 'yes: no worker is running' },
    });
    expect(overview.redis?.usedBytes).toBeGreaterThan(100_000);
    expect(overview.services).toMatchObject([
      { service: 'api', pid: process.pid, missing: false, figures: { watchers: 0 } },
    ]);
    expect(Date.now() - Date.parse(overview.at)).toBeLessThan(1_500);
  });

  it('is for those who have the token', async () => {
    for (const path of [PATH, `${PATH}?watch=true`]) {
      expect((await fetch(`${api.url}${path}`)).status).toBe(401);
    }
  });

  it('tells the history first, then an overview each second, and moves as they happen', async () => {
    await using events = await follow();
    expect(await events.next()).toMatchObject({
      event: 'history',
      data: { samples: expect.any(Array) },
    });
    const first = await events.until('overview');
    const second = await events.until('overview');
    expect(decodeOverview(second.data).at > decodeOverview(first.data).at).toBe(true);
    const key = { namespace: 'shop', name: 'web', tag: 'latest' };
    await moveTag(api.store, key, anEvent());
    const moved = await events.until('move');
    expect(moved.data).toMatchObject({ ...key, from: null, to: digest('1') });
    await using resumed = await follow({ 'last-event-id': second.id });
    const history = await resumed.next();
    const samples = (history?.data['samples'] ?? []) as readonly { readonly at: number }[];
    const secondAt = Date.parse(decodeOverview(second.data).at);
    expect(samples.every(({ at }) => at > secondAt)).toBe(true);
    expect((await resumed.until('move')).id).toBe(moved.id);
  });

  it('shows alerts what they look at', async () => {
    await overviewWith(({ services }) => services.length > 0);
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toContain('tagtrail_services{service="api",state="live"} 1');
    expect(text).toContain('tagtrail_services{service="worker",state="live"} 0');
    expect(text).toContain('tagtrail_services{service="worker",state="missing"} 0');
    expect(text).toMatch(/tagtrail_redis_used_memory_bytes\{service="api"\} [1-9]\d+/);
    expect(text).toContain('tagtrail_redis_max_memory_bytes{service="api"} 0');
    expect(text).toMatch(/tagtrail_redis_system_memory_bytes\{service="api"\} [1-9]\d+/);
    expect(text).toMatch(/tagtrail_tags\{outcome="never",service="api"\} [12]/);
    expect(text).toMatch(/tagtrail_tags_by_freshness\{freshness="Never",service="api"\} [12]/);
    expect(text).toMatch(/tagtrail_tags_by_freshness\{freshness="Fresh",service="api"\} [01]/);
    expect(text).toMatch(/tagtrail_staleness_seconds\{registry="[^"]+",service="api"\} \d+/);
    expect(text).toMatch(/tagtrail_no_progress_seconds\{service="api"\} \d+/);
    expect(text).toContain(
      'tagtrail_api_requests_total{verb="list",resource="overview",code="200"',
    );
  });

  it('ends what listens when it stops', async () => {
    const stopped = await openApiForTest();
    const response = await fetch(`${stopped.url}${PATH}?watch=true`, { headers });
    const [text] = await Promise.all([response.text(), stopped.end()]);
    expect(text).toContain('event: history\n');
    await stopped[Symbol.asyncDispose]();
  });

  it('lets so many listen and no more', async () => {
    const small = await openApiForTest({ TAGTRAIL_API_MAX_WATCHES: '1' });
    const stop = new AbortController();
    const first = await fetch(`${small.url}${PATH}?watch=true`, { headers, signal: stop.signal });
    expect(first.headers.get('content-type')).toBe('text/event-stream');
    expect((await small.ask(`${PATH}?watch=true`)).code).toBe(429);
    expect((await small.ask(PATH)).code).toBe(200);
    stop.abort();
    await expect(first.text()).rejects.toThrow();
    await small[Symbol.asyncDispose]();
  });

  it('answers 503 while Redis is away, and stops in time', async () => {
    const orphan = await openApiForTest();
    process.kill(orphan.redis.pid);
    await orphan.redis.exited;
    let answered = await orphan.ask(PATH);
    while (answered.code === 200) answered = await orphan.ask(PATH);
    expect(answered).toMatchObject({ code: 503, answer: { reason: 'ServiceUnavailable' } });
    const metrics = await (await fetch(`${orphan.url}/metrics`)).text();
    expect(metrics).not.toContain('tagtrail_services{');
    expect(metrics).not.toContain('tagtrail_redis_used_memory_bytes{');
    const before = performance.now();
    await orphan.end();
    expect(performance.now() - before).toBeLessThan(2_000);
    await orphan[Symbol.asyncDispose]();
  });

  /** Asks until the overview is as wanted; the test's timeout is the limit. */
  async function overviewWith(wanted: (overview: Overview) => boolean): Promise<Overview> {
    let overview = await api.client.overview();
    while (!wanted(overview)) overview = await api.client.overview();
    return overview;
  }

  async function follow(more: Readonly<Record<string, string>> = {}) {
    const stop = new AbortController();
    const response = await fetch(`${api.url}${PATH}?watch=true`, {
      headers: { ...headers, ...more },
      signal: stop.signal,
    });
    const events = readEvents(response);
    const next = async () => (await events.next()).value;
    return {
      next,
      until: async (name: string) => {
        let event = await next();
        while (event !== undefined && event.event !== name) event = await next();
        if (event === undefined) throw new Error(`no ${name} came`);
        return event;
      },
      [Symbol.asyncDispose]: async () => stop.abort(),
    };
  }
});

async function* readEvents(response: Response) {
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const blocks = `${rest}${Buffer.from(chunk).toString()}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, id = '', event = '', data = ''] =
        /^id: (.*)\nevent: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (event !== '') yield { id, event, data: JSON.parse(data) as Record<string, unknown> };
    }
  }
  return undefined;
}
