import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { WatchEvent } from '@tagtrail/apimachinery';
import type { ImageStream } from '@tagtrail/image-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { type ApiForTest, openApiForTest, TOKEN } from '../testing/open-api-for-test.ts';

const PATH = '/apis/image.openshift.io/v1';
const TABLE = 'application/json;as=Table;v=v1beta1;g=meta.k8s.io';

describe('watching image streams', () => {
  let api: ApiForTest;

  beforeAll(async () => {
    api = await openApiForTest();
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const version = async () =>
    (await api.client.streams.list({ limit: 1 })).metadata.resourceVersion ?? '';
  const create = (name: string, namespace: string, labels = {}) =>
    api.client.streams.create(aStream(name, { namespace, labels }));

  async function relabel(name: string, namespace: string, labels: Record<string, string>) {
    const stream = await api.client.streams.get({ namespace, name });
    return api.client.streams.replace({ ...stream, metadata: { ...stream.metadata, labels } });
  }

  /** A watch as a plain client sees it: its head, and its frames one by one. */
  async function watch(namespace: string, query: string, accept = 'application/json') {
    const path = `${PATH}/namespaces/${namespace}/imagestreams?watch=true&${query}`;
    const headers = { authorization: `Bearer ${TOKEN}`, accept };
    const request = httpRequest(`${api.url}${path}`, { headers, agent: false });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const frames = readFrames(response);
    return {
      code: response.statusCode,
      next: async () => (await frames.next()).value,
      rest: () => collect(frames),
      close: () => response.destroy(),
    };
  }

  it('sends its head at once and then what happens, to many watchers alike', async () => {
    const start = `resourceVersion=${await version()}`;
    const watches = await Promise.all(Array.from({ length: 20 }, () => watch('many', start)));
    expect(new Set(watches.map(({ code }) => code))).toEqual(new Set([200]));
    await create('web', 'many');
    await relabel('web', 'many', { a: 'b' });
    await api.client.streams.delete({ namespace: 'many', name: 'web' });
    for (const { next, close } of watches) {
      expect([summary(await next()), summary(await next()), summary(await next())]).toEqual([
        'ADDED web',
        'MODIFIED web',
        'DELETED web',
      ]);
      close();
    }
  });

  it('starts with the current streams when it has no version, or version 0', async () => {
    await create('one', 'replay');
    await create('two', 'replay');
    for (const query of ['', 'resourceVersion=0']) {
      const { next, close } = await watch('replay', query);
      expect([summary(await next()), summary(await next())]).toEqual(['ADDED one', 'ADDED two']);
      close();
    }
  });

  it('marks the end of the current streams for who asked for them', async () => {
    await create('one', 'marked');
    const query =
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const { next, close } = await watch('marked', query);
    expect(summary(await next())).toBe('ADDED one');
    const mark = await next();
    expect(mark?.type).toBe('BOOKMARK');
    expect(mark?.object).toMatchObject({
      metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
    });
    await create('two', 'marked');
    expect(summary(await next())).toBe('ADDED two');
    close();
  });

  it('shows a stream come and go as its labels come to match and cease to', async () => {
    const query = `resourceVersion=${await version()}&labelSelector=team%3Dred`;
    const { next, close } = await watch('labels', query);
    await create('web', 'labels', { team: 'blue' });
    const joined = await relabel('web', 'labels', { team: 'red', step: '1' });
    await relabel('web', 'labels', { team: 'red', step: '2' });
    const left = await relabel('web', 'labels', { team: 'blue' });
    await create('last', 'labels', { team: 'red' });
    const seen = [await next(), await next(), await next(), await next()];
    expect(seen.map(summary)).toEqual(['ADDED web', 'MODIFIED web', 'DELETED web', 'ADDED last']);
    expect(seen[0]?.object).toEqual(joined);
    // What leaves is shown as it was when it last matched, at the version of its leaving.
    expect(seen[2]?.object).toMatchObject({
      metadata: {
        labels: { team: 'red', step: '2' },
        resourceVersion: left.metadata.resourceVersion,
      },
    });
    close();
  });

  it('follows one stream by its name, as kubectl get NAME -w does', async () => {
    await create('other', 'named');
    await create('web', 'named');
    const { next, close } = await watch(
      'named',
      'fieldSelector=metadata.name%3Dweb&resourceVersion=0',
    );
    expect(summary(await next())).toBe('ADDED web');
    await relabel('other', 'named', { a: 'b' });
    await relabel('web', 'named', { a: 'b' });
    expect(summary(await next())).toBe('MODIFIED web');
    close();
  });

  it('draws each frame as a Table of one row, with its columns in the first only', async () => {
    const { next, close } = await watch('drawn', `resourceVersion=${await version()}`, TABLE);
    await create('one', 'drawn');
    await create('two', 'drawn');
    expect((await next())?.object).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1beta1',
      columnDefinitions: [{ name: 'Name' }, {}, {}, {}, {}],
      rows: [{ cells: ['one', '', '', '', ''] }],
    });
    expect((await next())?.object).toMatchObject({
      columnDefinitions: null,
      rows: [{ cells: ['two', '', '', '', ''] }],
    });
    close();
  });

  it('ends in good order when its time is up, with a bookmark for who wants one', async () => {
    const start = await version();
    const bookmarks = await watch(
      'timed',
      `resourceVersion=${start}&timeoutSeconds=1&allowWatchBookmarks=true`,
    );
    const plain = await watch('timed', `resourceVersion=${start}&timeoutSeconds=1`);
    const [frames, nothing] = await Promise.all([bookmarks.rest(), plain.rest()]);
    expect(frames).toMatchObject([
      { type: 'BOOKMARK', object: { metadata: { resourceVersion: start } } },
    ]);
    expect(nothing).toEqual([]);
  });

  it('answers 410 to a version from the future, before it starts', async () => {
    const { answer, code } = await api.ask(
      `${PATH}/imagestreams?watch=true&resourceVersion=987654321`,
    );
    expect(code).toBe(410);
    expect(answer).toMatchObject({ kind: 'Status', reason: 'Expired' });
  });

  it('takes a watcher back to where the change log begins, through the store', async () => {
    const seen: string[] = [];
    const stop = new AbortController();
    await create('first', 'old');
    const events = api.client.streams.watch({
      namespace: 'old',
      resourceVersion: '0',
      signal: stop.signal,
    });
    for await (const event of events) {
      seen.push(summary(event as WatchEvent<ImageStream>));
      if (seen.length === 1) await create('second', 'old');
      if (seen.length === 2) stop.abort();
    }
    expect(seen).toEqual(['ADDED first', 'ADDED second']);
  });

  it('loses nothing and repeats nothing for a client that is cut off again and again', async () => {
    const start = await version();
    const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
    const writing = (async () => {
      for (const name of names) await create(name, 'cut');
    })();
    const seen: string[] = [];
    let from = start;
    while (seen.length < names.length) {
      const { next, close } = await watch('cut', `resourceVersion=${from}`);
      for (let count = 0; count < 7 && seen.length < names.length; count += 1) {
        const frame = await next();
        seen.push(summary(frame));
        from = (frame?.object as ImageStream | undefined)?.metadata.resourceVersion ?? '';
      }
      close();
    }
    await writing;
    expect(seen).toEqual(names.map((name) => `ADDED ${name}`));
  });

  it('ends all watches in good order when it stops', async () => {
    const stopped = await openApiForTest();
    const headers = { authorization: `Bearer ${TOKEN}` };
    const path = `${PATH}/imagestreams?watch=true&resourceVersion=0&allowWatchBookmarks=true`;
    const response = await fetch(`${stopped.url}${path}`, { headers });
    const [text] = await Promise.all([response.text(), stopped.end()]);
    expect(JSON.parse(text)).toMatchObject({ type: 'BOOKMARK' });
    await expect(fetch(`${stopped.url}/healthz`)).rejects.toThrow();
    await stopped[Symbol.asyncDispose]();
  });

  it('allows so many watches and no more', async () => {
    const small = await openApiForTest({ TAGTRAIL_API_MAX_WATCHES: '1' });
    const path = `${PATH}/imagestreams?watch=true`;
    const stop = new AbortController();
    const first = await fetch(`${small.url}${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: stop.signal,
    });
    const { code, answer } = await small.ask(path);
    expect(code).toBe(429);
    expect(answer).toMatchObject({ reason: 'TooManyRequests', details: { retryAfterSeconds: 5 } });
    stop.abort();
    await expect(first.text()).rejects.toThrow();
    await small[Symbol.asyncDispose]();
  });
});

type Frame = WatchEvent<ImageStream>;

async function* readFrames(response: IncomingMessage): AsyncGenerator<Frame, undefined> {
  let rest = '';
  for await (const chunk of response) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Frame;
  }
  return undefined;
}

function summary(frame: Frame | undefined): string {
  return frame === undefined
    ? 'end'
    : `${frame.type} ${(frame.object as ImageStream).metadata.name}`;
}

async function collect(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const all: Frame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}
