import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, aStream, digest, moveTag } from '../testing/a-stream.ts';
import { type ApiForTest, openApiForTest, TOKEN } from '../testing/open-api-for-test.ts';

/** ms in which the API stops though Redis is away; a process is given 4 s. */
const STOP_LIMIT = 2_000;

describe('what people, scrapers and supervisors see', () => {
  let api: ApiForTest;

  beforeAll(async () => {
    api = await openApiForTest();
    const sources = { latest: 'quay.io/acme/web:latest', stable: 'quay.io/acme/web:stable' };
    await api.client.streams.create(aStream('web', { sources }));
    // A report of the second before does not know it yet.
    while ((await api.client.queueMetrics()).schedule.scheduled < 2);
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const key = { namespace: 'shop', name: 'web', tag: 'latest' };

  it('reports the queue, the results and the schedule', async () => {
    const report = await api.client.queueMetrics();
    expect(report).toMatchObject({
      queue: { waiting: 0, active: 0 },
      requested: { waiting: 0, active: 0 },
      results: { pending: 0, deadLetters: 0 },
      schedule: { scheduled: 2, leased: 0, hosts: [{ host: 'quay.io', scheduled: 2 }] },
    });
    expect(report.at).toMatch(/Z$/);
  });

  it('exposes its metrics', async () => {
    await api.client.streams.list();
    const response = await fetch(`${api.url}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain');
    for (const line of [
      'tagtrail_due_lag_seconds{service="api"}',
      'tagtrail_jobs{state="waiting",service="api"} 0',
      'tagtrail_results_backlog{service="api"} 0',
      'tagtrail_schedule_tags{state="scheduled",service="api"} 2',
      'tagtrail_watchers{service="api"} 0',
      'tagtrail_api_requests_total{verb="list",resource="imagestreams",code="200",service="api"}',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('serves the dashboard, or how to build it, to who has no token', async () => {
    const response = await fetch(api.url);
    expect([200, 503]).toContain(response.status);
    expect(await response.text()).toContain('<title>Tagtrail</title>');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('tells moves as they happen, and the last ones to who comes later', async () => {
    const { next, close } = await followMoves();
    await moveTag(api.store, key, anEvent());
    expect(await next()).toMatchObject({ ...key, from: null, to: digest('1') });
    await moveTag(api.store, key, anEvent({ image: digest('2'), created: '2026-01-01T11:00:00Z' }));
    const second = await next();
    expect(second).toMatchObject({
      from: digest('1'),
      to: digest('2'),
      at: '2026-01-01T11:00:00Z',
    });
    close();
    const late = await followMoves();
    expect([(await late.next())['to'], (await late.next())['to']]).toEqual([
      digest('1'),
      digest('2'),
    ]);
    late.close();
    const resumed = await followMoves(String(second['id']).replace(/\d+$/, '0'));
    expect((await resumed.next())['to']).toBe(digest('2'));
    resumed.close();
  });

  it('pages a history, and finds its place again after a move', async () => {
    const stable = { ...key, tag: 'stable' };
    for (const hour of [10, 11, 12, 13]) {
      const created = `2026-01-01T${hour}:00:00Z`;
      await moveTag(api.store, stable, anEvent({ created, generation: hour }));
    }
    const first = await api.client.history.list(stable, { limit: 2 });
    expect(first.metadata).toMatchObject({ name: 'web:stable', namespace: 'shop' });
    await moveTag(api.store, stable, anEvent({ created: '2026-01-01T14:00:00Z', generation: 14 }));
    const rest = await api.client.history.list(stable, {
      limit: 2,
      continue: first.metadata.continue ?? '',
    });
    const generations = [...first.items, ...rest.items].map(({ generation }) => generation);
    expect(generations).toEqual([13, 12, 11, 10]);
    expect(rest.metadata.continue).toBeUndefined();
  });

  it.each([
    'imagestreamhistories/web:nothing',
    'imagestreamhistories/web',
    'imagestreamhistories/nothing:latest',
    'imagestreamchecks/nothing',
  ])('has no %s', async (path) => {
    const { code, answer } = await api.ask(`/apis/tagtrail.dev/v1/namespaces/shop/${path}`);
    expect(code).toBe(404);
    expect(answer).toMatchObject({ reason: 'NotFound', details: { group: 'tagtrail.dev' } });
  });

  it('lists checks in a namespace and in all', async () => {
    const { items } = await api.client.checks.list({ namespace: 'shop' });
    expect(items.map(({ metadata, tags }) => [metadata.name, tags.map(({ tag }) => tag)])).toEqual([
      ['web', ['latest', 'stable']],
    ]);
    expect((await api.client.checks.list()).items).toHaveLength(1);
  });

  it('lists the namespaces that hold streams, and knows every possible one', async () => {
    expect((await api.ask('/api/v1/namespaces')).answer).toMatchObject({
      kind: 'NamespaceList',
      items: [{ metadata: { name: 'shop' } }],
    });
    expect((await api.ask('/api/v1/namespaces/other')).code).toBe(200);
    expect((await api.ask('/api/v1/namespaces/Not_One')).code).toBe(404);
    expect((await api.ask('/api/v1/namespaces/shop/events?limit=5')).answer).toMatchObject({
      kind: 'EventList',
      items: [],
    });
  });

  it('answers discovery, and an empty OpenAPI document', async () => {
    for (const path of ['/api', '/apis', '/api/v1', '/apis/image.openshift.io', '/version']) {
      expect((await api.ask(`${path}?timeout=32s`)).code).toBe(200);
    }
    const { answer } = await api.ask('/apis/image.openshift.io/v1');
    expect(answer['resources']).toMatchObject([
      { name: 'imagestreams', shortNames: ['is'] },
      { name: 'imagestreamtags', shortNames: ['istag'] },
      { name: 'imagestreamimages', shortNames: ['isimage'] },
      { name: 'imagestreamimports', verbs: ['create'] },
      { name: 'images', namespaced: false },
    ]);
    const openapi = await fetch(`${api.url}/openapi/v2`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect([openapi.status, (await openapi.arrayBuffer()).byteLength]).toEqual([200, 0]);
    expect(openapi.headers.get('content-type')).toBe(
      'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
    );
  });

  it('is alive but not ready, and answers 503, while Redis is away', async () => {
    const orphan = await openApiForTest();
    process.kill(orphan.redis.pid);
    await orphan.redis.exited;
    await untilNotReady(orphan.url);
    // A report of the second before is still shown.
    while ((await orphan.ask('/queue-metrics.json')).code === 200);
    expect((await fetch(`${orphan.url}/healthz`)).status).toBe(200);
    const [list, report, metrics] = await Promise.all([
      orphan.ask('/apis/image.openshift.io/v1/imagestreams'),
      orphan.ask('/queue-metrics.json'),
      fetch(`${orphan.url}/metrics`).then((response) => response.text()),
    ]);
    for (const { code, answer } of [list, report]) {
      expect(code).toBe(503);
      expect(answer).toMatchObject({ reason: 'ServiceUnavailable' });
      expect(JSON.stringify(answer)).not.toMatch(/redis:|unix:|sock|\.ts|password/i);
    }
    expect(metrics).not.toContain('tagtrail_due_lag_seconds{');
    expect(metrics).toContain('tagtrail_watchers{');
    const before = performance.now();
    await orphan.end();
    expect(performance.now() - before).toBeLessThan(STOP_LIMIT);
    await orphan[Symbol.asyncDispose]();
  });

  async function followMoves(lastEventId?: string) {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const request = get(`${api.url}/moves`, { headers, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const moves = readMoves(response);
    return {
      next: async (): Promise<Readonly<Record<string, unknown>>> =>
        (await moves.next()).value ?? {},
      close: () => response.destroy(),
    };
  }
});

async function untilNotReady(url: string): Promise<void> {
  while ((await fetch(`${url}/readyz`)).ok);
}

async function* readMoves(response: IncomingMessage) {
  let rest = '';
  for await (const chunk of response) {
    const blocks = `${rest}${chunk}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, id, data] = /^id: (.*)\nevent: move\ndata: (.*)$/.exec(block) ?? [];
      if (data !== undefined) yield { id, ...(JSON.parse(data) as Record<string, unknown>) };
    }
  }
  return undefined;
}
