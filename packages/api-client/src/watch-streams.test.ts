import type { ServerResponse } from 'node:http';
import { gone, serviceUnavailable, type WatchEvent } from '@tagtrail/apimachinery';
import type { ImageStream } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiClient } from './create-api-client.ts';
import { json, openScriptedServer, type ScriptedServer } from './testing/scripted-server.ts';

describe('streams.watch', () => {
  let server: ScriptedServer;
  let stop: AbortController;

  beforeEach(async () => {
    server = await openScriptedServer();
    stop = new AbortController();
  });

  afterEach(async () => {
    stop.abort();
    await server[Symbol.asyncDispose]();
  });

  function watch(
    options: { resourceVersion?: string; bookmarks?: boolean; reached?: boolean } = {},
  ) {
    const { streams } = createApiClient({ server: server.url });
    return streams.watch({ namespace: 'shop', signal: stop.signal, ...options });
  }

  const query = (index: number, name: string) => server.requests[index]?.url.searchParams.get(name);

  it('goes on from a version', async () => {
    server.script((response) => void write(response, added('a', '8')));
    const events = watch({ resourceVersion: '7' });
    expect(await nextName(events)).toBe('ADDED a@8');
    expect(query(0, 'watch')).toBe('true');
    expect(query(0, 'resourceVersion')).toBe('7');
  });

  it('asks for the current streams, and for a mark where they end, when it has no version', async () => {
    server.script((response) => void write(response, added('a', '5')));
    expect(await nextName(watch())).toBe('ADDED a@5');
    expect(query(0, 'sendInitialEvents')).toBe('true');
    expect(query(0, 'resourceVersionMatch')).toBe('NotOlderThan');
    expect(query(0, 'allowWatchBookmarks')).toBe('true');
  });

  it('takes a cut connection up again at the last version, a bookmark counting too', async () => {
    server.script(
      (response) => {
        write(response, added('a', '8'), bookmark('20'));
        response.end();
      },
      (response) => {
        write(response, added('b', '21'));
        // Once the frame is on its way, the connection breaks without an end.
        response.write('{"type":"MOD', () => response.destroy());
      },
      (response) => void write(response, added('c', '22')),
    );
    const events = watch({ resourceVersion: '7' });
    expect(await nextName(events)).toBe('ADDED a@8');
    const following = [await nextName(events), await nextName(events)];
    expect(following).toEqual(['ADDED b@21', 'ADDED c@22']);
    expect([query(1, 'resourceVersion'), query(2, 'resourceVersion')]).toEqual(['20', '21']);
  });

  it('resumes from the end of the current streams, not from the newest of them', async () => {
    server.script(
      (response) => {
        write(response, added('a', '3'), bookmark('40', true));
        response.end();
      },
      (response) => void write(response, added('b', '41')),
    );
    const events = watch();
    expect([await nextName(events), await nextName(events)]).toEqual(['ADDED a@3', 'ADDED b@41']);
    expect(query(1, 'resourceVersion')).toBe('40');
  });

  it('throws when it is cut before the current streams were complete', async () => {
    server.script((response) => {
      write(response, added('a', '3'));
      response.end();
    });
    const events = watch();
    await nextName(events);
    await expect(events.next()).rejects.toMatchObject({ code: 0 });
    expect(server.requests).toHaveLength(1);
  });

  it('passes bookmarks on only when asked', async () => {
    server.script((response) => void write(response, bookmark('9'), added('a', '10')));
    expect(await nextName(watch({ resourceVersion: '7' }))).toBe('ADDED a@10');
    expect(await nextName(watch({ resourceVersion: '7', bookmarks: true }))).toBe('BOOKMARK @9');
  });

  it('throws on 410, whether it comes as an answer or as a frame', async () => {
    const status = gone('too old resource version: 7 (100)');
    server.script(json(410, status));
    await expect(watch({ resourceVersion: '7' }).next()).rejects.toMatchObject({ code: 410 });
    server.script((response) => void write(response, { type: 'ERROR', object: status }));
    await expect(watch({ resourceVersion: '7' }).next()).rejects.toMatchObject({
      code: 410,
      status: { reason: 'Expired' },
    });
  });

  it('goes on after an error that passes', async () => {
    const away = { type: 'ERROR' as const, object: serviceUnavailable('away', 1) };
    server.script(
      (response) => {
        write(response, added('a', '8'), away);
        response.end();
      },
      json(503, serviceUnavailable('away', 1)),
      (response) => void write(response, added('b', '9')),
    );
    const events = watch({ resourceVersion: '7' });
    expect([await nextName(events), await nextName(events)]).toEqual(['ADDED a@8', 'ADDED b@9']);
  });

  it('reports a first connection that fails at once', async () => {
    server.script(json(503, serviceUnavailable('away', 1)));
    await expect(watch({ resourceVersion: '7' }).next()).rejects.toMatchObject({ code: 503 });
    expect(server.requests).toHaveLength(1);
  });

  it('tries a first connection again when the server is known to be there', async () => {
    const away = json(503, serviceUnavailable('away', 1));
    server.script(away, (response) => void write(response, added('a', '8')));
    expect(await nextName(watch({ resourceVersion: '7', reached: true }))).toBe('ADDED a@8');
  });

  it('throws on what is no event', async () => {
    server.script((response) => void response.write('hello\n'));
    await expect(watch({ resourceVersion: '7' }).next()).rejects.toThrow('not JSON');
  });

  it('ends quietly when it is aborted, and closes its connection', async () => {
    let closed: Promise<unknown> | undefined;
    server.script((response) => {
      closed = new Promise((resolve) => response.once('close', resolve));
      write(response, added('a', '8'));
    });
    const events = watch({ resourceVersion: '7' });
    await nextName(events);
    const next = events.next();
    stop.abort();
    expect((await next).done).toBe(true);
    await closed;
  });

  it('closes its connection when its reader leaves', async () => {
    let closed: Promise<unknown> | undefined;
    server.script((response) => {
      closed = new Promise((resolve) => response.once('close', resolve));
      write(response, added('a', '8'));
    });
    for await (const _ of watch({ resourceVersion: '7' })) break;
    await closed;
  });
});

type Event = WatchEvent<Partial<ImageStream>>;

function added(name: string, resourceVersion: string): Event {
  return { type: 'ADDED', object: { metadata: { name, resourceVersion } } };
}

function bookmark(resourceVersion: string, isEnd = false): Event {
  const annotations = isEnd ? { 'k8s.io/initial-events-end': 'true' } : {};
  return { type: 'BOOKMARK', object: { metadata: { name: '', resourceVersion, annotations } } };
}

function write(response: ServerResponse, ...events: Event[]): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  for (const event of events) response.write(`${JSON.stringify(event)}\n`);
}

async function nextName(events: AsyncGenerator<WatchEvent<ImageStream>, void>): Promise<string> {
  const { value } = await events.next();
  if (value === undefined) throw new Error('the watch ended');
  const { name, resourceVersion } = (value.object as ImageStream).metadata;
  return `${value.type} ${name}@${resourceVersion}`;
}
