import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecretKeyFile } from '@tagtrail/secret-cipher';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTlsFront } from '../../apps/cli/src/doctor/testing/tls-front.ts';
import { issueTestCertificate } from '../../packages/registry-client/src/testing/test-certificate.ts';
import type { Place } from './conformance-client.ts';
import { ContentBuilder } from './conformance-content.ts';
import { followContent } from './conformance-surroundings.ts';
import { basic, type ContentServer, openContentServer } from './content-server.ts';
import { definition } from './definitions.ts';
import { eventually } from './installation.ts';
import { openPulling, type Pulling } from './pulling.ts';
import {
  download,
  fileOf,
  sendRaw,
  settledFiles,
  storedFiles,
} from './refused-pulls-surroundings.ts';

/** ms for a first look that fails. */
const LIMIT = 20_000;
const ACCOUNT = { username: 'robot', password: 'planted-5b1d' };
const FOREIGN_LAYER = 'application/vnd.oci.image.layer.nondistributable.v1.tar';

const opened = new AsyncDisposableStack();
let pulling: Pulling;
let upstream: ContentServer;
/** The same upstream over TLS: passwords go nowhere else. */
let host: string;
let place: Place;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-tenants-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const keyFile = join(folder, 'key');
  await createSecretKeyFile(keyFile);
  upstream = opened.use(await openContentServer());
  const front = await openTlsFront(issueTestCertificate(), Number(upstream.host.split(':')[1]));
  host = opened.use(front).host;
  pulling = opened.use(await openPulling({ TAGTRAIL_SECRETS_KEY_FILE: keyFile }));
  const { tagtrail, registry } = pulling;
  place = { url: registry.url, token: tagtrail.token };
  const auths = { [host]: { auth: basic(ACCOUNT).slice('Basic '.length) } };
  const file = Buffer.from(JSON.stringify({ auths })).toString('base64');
  await tagtrail.client.secrets.create({
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name: 'upstream', namespace: 'a' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': file },
  });
});
afterAll(() => opened.disposeAsync());
beforeEach(() => upstream.clearRequests());

/** A repository with one image, followed as a stream of the same name in each namespace. */
async function follow(
  name: string,
  namespaces: readonly string[],
  content = new ContentBuilder(name),
) {
  const image = content.tags.size > 0 ? undefined : content.image({ tag: 'latest' });
  upstream.serve(name, content);
  const wish = { name, tags: { latest: `${name}:latest` }, host };
  for (const namespace of namespaces) await followContent(pulling.tagtrail, { ...wish, namespace });
  const digest = image?.digest ?? [...content.tags.values()][0] ?? 'sha256:';
  const [layer = 'sha256:' as const] = content.layersOf({ digest });
  return { content, digest, layer };
}

const shownPasswords = () => upstream.requests.filter(({ authorization }) => authorization);
/** Looks of the workers aside. */
const pulls = () => upstream.requests.filter(({ path }) => !/manifests/.test(path));

describe('what another namespace has', () => {
  it.each(['GET', 'HEAD'])('is not there for %s, whatever else comes along', async (method) => {
    await follow(`mine-${method.toLowerCase()}`, ['a']);
    const their = await follow(`theirs-${method.toLowerCase()}`, ['b']);
    upstream.clearRequests();
    const before = storedFiles(pulling.registry.folder);
    for (const path of [
      `manifests/${their.digest}`,
      `blobs/${their.layer}`,
      `blobs/${their.digest}`,
    ]) {
      for (const headers of [[], ['Range: bytes=0-0'], ['If-None-Match: *']]) {
        const line = `${method} /v2/a/mine-${method.toLowerCase()}/${path} HTTP/1.1`;
        expect((await sendRaw(place, line, headers)).status).toBe(404);
      }
    }
    expect(pulls()).toEqual([]);
    expect(storedFiles(pulling.registry.folder)).toEqual(before);
  });

  it('has no referrers here', async () => {
    await follow('unreferred', ['a']);
    const { digest } = await follow('referred', ['b']);
    upstream.clearRequests();
    const { bytes } = await download(place, `/v2/a/unreferred/referrers/${digest}`);
    expect(JSON.parse(bytes.toString()).manifests).toEqual([]);
    expect(pulls()).toEqual([]);
  });

  it('is not given to whoever names it in a manifest of their own, nor is the download of it', async () => {
    const secret = await follow('layered', ['a']);
    const bytes = secret.content.blobs.get(secret.layer);
    const whole = await download(place, `/v2/a/layered/blobs/${secret.layer}`);
    expect([whole.bytes, await settledFiles(pulling.registry.folder)]).toEqual([
      bytes,
      expect.arrayContaining([fileOf(secret.layer)]),
    ]);
    const content = new ContentBuilder('named');
    const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
    const size = bytes?.length ?? 0;
    content.image({ layers: [{ mediaType, digest: secret.layer, size }], tag: 'latest' });
    await follow('named', ['b'], content);
    upstream.clearRequests();
    const reply = await sendRaw(place, `GET /v2/b/named/blobs/${secret.layer} HTTP/1.1`);
    expect([reply.status, reply.code]).toEqual([502, 'UNAVAILABLE']);
    // It was their own upstream that was asked, and that does not have it.
    expect(pulls().map(({ path }) => path)).toEqual([`/v2/named/blobs/${secret.layer}`]);
    expect((await download(place, `/v2/a/layered/blobs/${secret.layer}`)).isWhole).toBe(true);
  });

  it('stays there when an upstream lists it as a referrer', async () => {
    const secret = await follow('secret', ['a']);
    const content = new ContentBuilder('claims');
    const subject = content.image({ tag: 'latest' });
    const { bytes, mediaType } = secret.content.manifests.get(secret.digest) ?? {};
    const claimed = { mediaType: mediaType ?? '', digest: secret.digest, size: bytes?.length ?? 0 };
    content.referrers.set(subject.digest, [claimed]);
    await follow('claims', ['b'], content);
    const list = await download(place, `/v2/b/claims/referrers/${subject.digest}`);
    expect(list.bytes.toString()).toContain(secret.digest);
    // Their own upstream is asked for it, and has only claimed to have it.
    const [manifest, layer] = [`manifests/${secret.digest}`, `blobs/${secret.layer}`];
    expect((await download(place, `/v2/b/claims/${manifest}`)).status).toBe(502);
    expect((await download(place, `/v2/b/claims/${layer}`)).status).toBe(404);
  });
});

describe('the credentials of a namespace', () => {
  it('open nothing for another one', async () => {
    upstream.requirePassword('private', ACCOUNT);
    const { digest, layer } = await follow('private', ['a']);
    const key = { namespace: 'b', name: 'private' };
    const from = { latest: `${host}/private@${digest}` };
    await pulling.tagtrail.client.streams.create(definition('private', from, key));
    await eventually(async () => {
      const { status } = await pulling.tagtrail.client.streams.get(key);
      return status.tags?.[0]?.conditions?.[0];
    }, LIMIT);
    upstream.clearRequests();
    for (const path of [`manifests/latest`, `manifests/${digest}`, `blobs/${layer}`]) {
      expect((await download(place, `/v2/b/private/${path}`)).status).toBe(404);
    }
    expect(shownPasswords()).toEqual([]);
    expect(storedFiles(pulling.registry.folder)).not.toContain(fileOf(layer));
    const { isWhole } = await download(place, `/v2/a/private/blobs/${layer}`);
    expect([isWhole, shownPasswords().length > 0]).toEqual([true, true]);
    expect((await download(place, `/v2/b/private/blobs/${layer}`)).status).toBe(404);
  });

  it('are not shown for what another one recorded while it was open to all', async () => {
    const { layer, content } = await follow('closed', ['a', 'b']);
    upstream.requirePassword('closed', ACCOUNT);
    upstream.clearRequests();
    const refused = await sendRaw(place, `GET /v2/b/closed/blobs/${layer} HTTP/1.1`);
    expect([refused.status, refused.code]).toEqual([502, 'UNAVAILABLE']);
    expect(shownPasswords()).toEqual([]);
    expect(await settledFiles(pulling.registry.folder)).not.toContain(fileOf(layer));
    const mine = await download(place, `/v2/a/closed/blobs/${layer}`);
    expect(mine.bytes).toEqual(content.blobs.get(layer));
    expect(await settledFiles(pulling.registry.folder)).toContain(fileOf(layer));
    upstream.clearRequests();
    // What b recorded is b's: whoever made the copy, it is the very content that b could have had then.
    const copy = await download(place, `/v2/b/closed/blobs/${layer}`);
    expect([copy.headers['tagtrail-source'], copy.bytes]).toEqual(['copy', mine.bytes]);
    expect(pulls()).toEqual([]);
  });

  it('are asked for, and nothing else, when nobody says who they are', async () => {
    const { digest, layer } = await follow('quiet', ['a']);
    upstream.clearRequests();
    for (const path of [`manifests/${digest}`, `blobs/${layer}`, `referrers/${digest}`]) {
      const line = `GET /v2/a/quiet/${path} HTTP/1.1`;
      const { status, code } = await sendRaw(place, line, ['Authorization: ']);
      expect([status, code]).toEqual([401, 'UNAUTHORIZED']);
    }
    expect(pulls()).toEqual([]);
  });
});

describe('a layer that is somewhere else', () => {
  it('is never asked for there', async () => {
    await using trap = await openContentServer();
    const content = new ContentBuilder('foreign');
    const bytes = content.uniqueBytes(512);
    const digest = `sha256:${hash('sha256', bytes, 'hex')}` as const;
    const urls = [`http://${trap.host}/v2/foreign/blobs/${digest}`];
    const layer = { mediaType: FOREIGN_LAYER, digest, size: bytes.length, urls };
    content.image({ layers: [layer], tag: 'latest' });
    await follow('foreign', ['a'], content);
    const reply = await sendRaw(place, `GET /v2/a/foreign/blobs/${digest} HTTP/1.1`);
    expect([reply.status, reply.code]).toEqual([502, 'UNAVAILABLE']);
    expect(reply.text).toMatch(/\r\nretry-after: \d+\r\n/i);
    expect(trap.requests).toEqual([]);
    expect(await settledFiles(pulling.registry.folder)).not.toContain(fileOf(digest));
  });
});
