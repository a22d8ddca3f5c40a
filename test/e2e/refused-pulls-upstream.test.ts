import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Place } from './conformance-client.ts';
import { ContentBuilder } from './conformance-content.ts';
import { followContent } from './conformance-surroundings.ts';
import { type ContentServer, openContentServer } from './content-server.ts';
import { openPulling, type Pulling } from './pulling.ts';
import {
  dial,
  download,
  fileOf,
  sendRaw,
  settledFiles,
  storedFiles,
} from './refused-pulls-surroundings.ts';

const MiB = 1024 * 1024;
const NAMESPACE = 'demo';
const TYPE = 'application/vnd.example.v1';

let pulling: Pulling;
let upstream: ContentServer;
let place: Place;

beforeAll(async () => {
  [pulling, upstream] = await Promise.all([openPulling(), openContentServer()]);
  place = { url: pulling.registry.url, token: pulling.tagtrail.token };
});
afterAll(async () => {
  await pulling?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});
beforeEach(() => upstream.clearRequests());

/** A stream of its own with one layer that nobody has pulled yet. */
async function coldBlob(name: string, size: number) {
  const content = new ContentBuilder(name);
  const bytes = content.uniqueBytes(size);
  const layer = content.blob(TYPE, bytes);
  content.artifact(TYPE, { layers: [layer], tag: 'latest' });
  upstream.serve(name, content);
  const wish = { namespace: NAMESPACE, name, tags: { latest: `${name}:latest` } };
  await followContent(pulling.tagtrail, { ...wish, host: upstream.host });
  const { digest } = layer;
  upstream.clearRequests();
  const asked = () => upstream.requests.filter(({ path }) => path.endsWith(`/blobs/${digest}`));
  return { bytes, digest, path: `/v2/${NAMESPACE}/${name}/blobs/${digest}`, asked };
}

const SIZE = 300_000;

/** Sends something else than the honest bytes; `undefined` breaks the connection off there. */
function sending(bytes: Buffer, length: number | undefined, cut = false): RequestListener {
  return (_, response) => {
    response.writeHead(200, length === undefined ? {} : { 'content-length': length });
    response.write(bytes, () => (cut ? response.destroy() : response.end()));
  };
}

/** Never stops by itself. Counts what was taken. */
function sendingForEver(sent: { bytes: number }): RequestListener {
  const piece = Buffer.alloc(64 * 1024);
  const pour = (response: ServerResponse): void => {
    while (!response.destroyed) {
      sent.bytes += piece.length;
      if (!response.write(piece)) break;
    }
    if (!response.destroyed) response.once('drain', () => pour(response));
  };
  return (_, response) => pour(response.writeHead(200));
}

/** How an upstream lies about a blob of so many bytes. */
const LIES: Readonly<Record<string, (honest: Buffer) => RequestListener>> = {
  'other bytes of the same length': (honest) => {
    const other = Buffer.from(honest);
    other.writeUInt8(honest.readUInt8(SIZE - 1) ^ 1, SIZE - 1);
    return sending(other, SIZE);
  },
  'a page for people': () => sending(Buffer.from('<html>log in</html>'), undefined),
  'fewer bytes than there are': (honest) => sending(honest.subarray(0, 1_000), 1_000),
  'fewer bytes, in chunks': (honest) => sending(honest.subarray(0, 1_000), undefined),
  'fewer bytes than it announced': (honest) => sending(honest.subarray(0, 1_000), SIZE, true),
  nothing: () => sending(Buffer.alloc(0), 0),
  'more bytes than there are': (honest) =>
    sending(Buffer.concat([honest, Buffer.from('x')]), SIZE + 1),
  'more bytes, in chunks': (honest) =>
    sending(Buffer.concat([honest, Buffer.from('x')]), undefined),
};

describe('an upstream that sends', () => {
  it.each(Object.keys(LIES))(
    '%s is not believed, and believed again when it is honest',
    async (kind) => {
      const { bytes, digest, path } = await coldBlob(kind.replace(/\W+/g, '-'), SIZE);
      upstream.lieAbout(digest, LIES[kind]?.(bytes));
      for (const headers of [{}, { range: 'bytes=0-9' }])
        await expectRefusal(path, digest, headers);
      upstream.lieAbout(digest, undefined);
      const honest = await download(place, path);
      expect([honest.isWhole, honest.bytes.equals(bytes)]).toEqual([true, true]);
    },
  );

  it('without end is cut off where the blob should end', async () => {
    const { digest, path } = await coldBlob('endless', SIZE);
    const sent = { bytes: 0 };
    upstream.lieAbout(digest, sendingForEver(sent));
    await expectRefusal(path, digest, {});
    upstream.lieAbout(digest, undefined);
    expect(sent.bytes).toBeLessThan(32 * MiB);
  });

  it('a manifest that is another one gives nothing away of it', async () => {
    const content = new ContentBuilder('other-manifest');
    const subject = content.image({ tag: 'latest' });
    const referrer = content.artifact(TYPE, { subject });
    upstream.serve('other-manifest', content);
    const wish = { namespace: NAMESPACE, name: 'other-manifest', host: upstream.host };
    await followContent(pulling.tagtrail, { ...wish, tags: { latest: 'other-manifest:latest' } });
    const repository = `/v2/${NAMESPACE}/other-manifest`;
    await download(place, `${repository}/referrers/${subject.digest}`);
    const other = content.manifests.get(subject.digest)?.bytes ?? Buffer.alloc(0);
    upstream.lieAbout(referrer.digest, sending(other, other.length));
    const line = `GET ${repository}/manifests/${referrer.digest} HTTP/1.1`;
    const { status, code, text } = await sendRaw(place, line);
    expect([status, code]).toEqual([502, 'UNAVAILABLE']);
    expect(text).not.toContain('schemaVersion');
    expect(await settledFiles(pulling.registry.folder)).not.toContain(fileOf(referrer.digest));
    upstream.lieAbout(referrer.digest, undefined);
    const honest = await download(place, `${repository}/manifests/${referrer.digest}`);
    expect(honest.bytes).toEqual(content.manifests.get(referrer.digest)?.bytes);
  });
});

/** Nobody takes a part for the whole, and nothing of it is kept. */
async function expectRefusal(
  path: string,
  digest: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const { status, isWhole, bytes } = await download(place, path, headers);
  const isCut = [0, 200, 206].includes(status) && !isWhole;
  const isRefused = status === 502 && bytes.toString().includes('"code":"UNAVAILABLE"');
  expect([status, isCut || isRefused]).toEqual([status, true]);
  expect(await settledFiles(pulling.registry.folder)).not.toContain(fileOf(digest));
}

describe('an upstream that is away', () => {
  it.each(['hangs-up', 'unavailable'] as const)(
    'and %s is not taken for one without the blob',
    async (absence) => {
      const { bytes, digest, path } = await coldBlob(absence, SIZE);
      upstream.setAway(absence);
      const { status, headers } = await download(place, path);
      expect([502, 503]).toContain(status);
      expect(headers['retry-after']).toMatch(/^\d+$/);
      expect(await settledFiles(pulling.registry.folder)).not.toContain(fileOf(digest));
      upstream.setAway(undefined);
      expect((await download(place, path)).bytes.equals(bytes)).toBe(true);
    },
  );
});

describe('a client that reads nothing', () => {
  it('stops neither another one nor the copy that is made', async () => {
    const { bytes, digest, path } = await coldBlob('slow', 24 * MiB);
    const idle = await dial(place.url);
    const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${place.token}\r\n\r\n`;
    idle.write(head);
    const other = await download(place, path);
    expect(other.bytes.equals(bytes)).toBe(true);
    const third = await download(place, path);
    expect(third.bytes.equals(bytes)).toBe(true);
    expect(storedFiles(pulling.registry.folder)).toContain(fileOf(digest));
    idle.destroy();
    await once(idle, 'close');
    expect(await settledFiles(pulling.registry.folder)).toContain(fileOf(digest));
  });

  it('leaves, and the copy is made all the same', async () => {
    const { digest, path } = await coldBlob('left', 8 * MiB);
    const gone = await dial(place.url);
    gone.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${place.token}\r\n\r\n`);
    await once(gone.resume(), 'data');
    gone.destroy();
    expect(await settledFiles(pulling.registry.folder)).toContain(fileOf(digest));
  });
});

describe('a blob that many ask for at once', () => {
  it('costs one request upstream for eight ranges of it', async () => {
    const { bytes, path, asked } = await coldBlob('ranges', 8 * MiB);
    const parts = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        download(place, path, { range: `bytes=${at * MiB}-${(at + 1) * MiB - 1}` }),
      ),
    );
    expect(parts.map(({ status }) => status)).toEqual(new Array(8).fill(206));
    expect(Buffer.concat(parts.map((part) => part.bytes)).equals(bytes)).toBe(true);
    expect(asked()).toHaveLength(1);
  });

  it('costs one request upstream for a hundred clients', async () => {
    const { bytes, path, asked } = await coldBlob('crowd', MiB);
    const clients = await Promise.all(Array.from({ length: 100 }, () => download(place, path)));
    expect(clients.filter((one) => one.bytes.equals(bytes))).toHaveLength(100);
    expect(asked()).toHaveLength(1);
  });

  it('costs none for HEAD, however often', async () => {
    const { digest, path, asked } = await coldBlob('heads', SIZE);
    for (const headers of [[], ['Range: bytes=0-9'], ['If-None-Match: *']]) {
      const { status, text } = await sendRaw(place, `HEAD ${path} HTTP/1.1`, headers);
      expect(status).toBe(headers[0]?.startsWith('If') ? 304 : 200);
      expect(text).toContain(digest);
    }
    expect(asked()).toEqual([]);
    expect(storedFiles(pulling.registry.folder)).not.toContain(fileOf(digest));
  });
});
