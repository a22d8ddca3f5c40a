import { describe, expect, it } from 'vitest';
import type { RegistryEvent } from './observation/registry-event.ts';
import {
  BLOB,
  BLOB_PATH,
  BLOB_RANGE,
  keepingSink,
  sendHalf,
  serveBlob,
  streamForTest as stream,
} from './testing/blob-for-test.ts';
import { openForTest } from './testing/open-for-test.ts';
import {
  authorizations,
  demandToken,
  issueGood,
  sendManifest,
  sendStatus,
} from './testing/scripted-registry.ts';
import { openScriptedServer } from './testing/scripted-server.ts';

const never = new AbortController().signal;
const { size: SIZE } = BLOB_RANGE;
const HALF = SIZE / 2;
const REST = { ...BLOB_RANGE, offset: HALF };

describe('the way to a blob', () => {
  const account = { username: 'u', password: 'p' };

  it('leads off the origin without credentials, and with the offset', async () => {
    await using store = await openScriptedServer(serveBlob);
    await using registry = await openForTest(
      (request, response) => {
        if (request.headers.authorization !== undefined) {
          return sendStatus(response, 307, { location: `${store.url}/bucket?signature=s` });
        }
        sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' });
      },
      { credentials: () => [account], plaintext: true },
    );
    const sink = keepingSink();
    await registry.client.streamBlob(registry.target, REST, sink, never);
    expect(sink.bytes().equals(BLOB.subarray(HALF))).toBe(true);
    expect(authorizations(registry)).toEqual([undefined, 'Basic dTpw']);
    expect(
      store.requests.map(({ url, headers }) => [url, headers.authorization, headers.range]),
    ).toEqual([['/bucket?signature=s', undefined, `bytes=${HALF}-`]]);
  });

  it('does not lead to a link-local address', async () => {
    const { error } = await stream((_, response) =>
      sendStatus(response, 307, { location: 'http://169.254.169.254/latest/meta-data' }),
    );
    expect(error).toMatchObject({ code: 'Forbidden' });
  });

  it('leads through a token service, whose words and the refusal do not reach the sink', async () => {
    await using registry = await openForTest((request, response) => {
      const { url = '', headers } = request;
      if (url.startsWith('/token')) return issueGood(request, response);
      if (headers.authorization === 'Bearer good') return serveBlob(request, response);
      const realm = `http://${headers.host}/token`;
      demandToken(request, response, { realm, scope: 'repository:team/app:pull' });
    });
    const sink = keepingSink();
    await registry.client.streamBlob(registry.target, BLOB_RANGE, sink, never);
    expect(sink.bytes().equals(BLOB)).toBe(true);
    expect(registry.requests.map(({ url }) => url.split('?')[0])).toEqual([
      BLOB_PATH,
      '/token',
      BLOB_PATH,
    ]);
  });

  it('leads past the door of a registry that does not say how it wants to be asked', async () => {
    await using registry = await openForTest((request, response) => {
      const { url = '', headers } = request;
      // The door is open to everybody, and what it says is not the blob.
      if (url === '/v2/') return void response.end('{}');
      if (headers.authorization === undefined) return sendStatus(response, 401);
      serveBlob(request, response);
    });
    const sink = keepingSink();
    await expect(
      registry.client.streamBlob(registry.target, BLOB_RANGE, sink, never),
    ).rejects.toMatchObject({ code: 'Unauthorized' });
    expect(registry.lines()).toEqual([`GET ${BLOB_PATH}`, 'GET /v2/']);
    expect(sink.chunks).toEqual([]);
  });

  it('leaves connections to whoever looks at a tag meanwhile', async () => {
    await using registry = await openForTest(
      (request, response) => {
        if (request.url?.includes('/manifests/')) sendManifest(response);
        else sendHalf(() => {})(request, response);
      },
      { limits: { socketsPerHost: 1 } },
    );
    const stop = new AbortController();
    const begun = Promise.withResolvers<void>();
    const sink = keepingSink(() => {
      begun.resolve();
      return undefined;
    });
    const streamed = registry.client.streamBlob(registry.target, BLOB_RANGE, sink, stop.signal);
    await begun.promise;
    expect((await registry.client.headManifest(registry.target, 'v1', never)).digest).toBeDefined();
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(streamed).rejects.toBe(reason);
  });

  it('is told to whoever observes, with the bytes that came', async () => {
    const events: RegistryEvent[] = [];
    const { error } = await stream(serveBlob, { observe: (event) => void events.push(event) });
    expect(error).toBeUndefined();
    const replies = events.filter(({ kind }) => kind === 'reply');
    expect(replies).toMatchObject([{ status: 200, size: SIZE }]);
  });
});
