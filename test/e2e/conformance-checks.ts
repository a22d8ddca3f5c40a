import type { Digest } from '@tagtrail/image-reference';
import { MEDIA_TYPE } from '@tagtrail/oci';
import { expect, it } from 'vitest';
import { ask, type ClientReply, type Place, TWO_ACCEPT_LINES } from './conformance-client.ts';
import type { ConformanceSet } from './conformance-data.ts';
import type { ContentDescriptor } from './content-server.ts';

/** The namespace of the streams that have the sets. */
export const NAMESPACE = 'conformance';

export const repositoryOf = ({ stream }: Pick<ConformanceSet, 'stream'>) =>
  `/v2/${NAMESPACE}/${stream}`;

/** What a reply must say of content, whatever was asked for. */
interface Content {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

function expectContent(reply: ClientReply, { digest, mediaType, bytes }: Content): void {
  expect(reply.status).toBe(200);
  expect(reply.headers['content-type']).toBe(mediaType);
  expect(reply.headers['content-length']).toBe(String(bytes.length));
  expect(reply.headers['docker-content-digest']).toBe(digest);
}

function expectHead(reply: ClientReply, content: Content): void {
  expectContent(reply, content);
  expect(reply.body).toHaveLength(0);
}

function expectBody(reply: ClientReply, content: Content): void {
  expectContent(reply, content);
  expect(reply.body.equals(content.bytes)).toBe(true);
}

const OCTETS = 'application/octet-stream';

function manifestsOf({ content }: ConformanceSet): readonly Content[] {
  return [...content.manifests].map(([digest, manifest]) => ({ digest, ...manifest }));
}

function taggedOf(set: ConformanceSet): readonly (readonly [string, Content])[] {
  const byDigest = new Map(manifestsOf(set).map((manifest) => [manifest.digest, manifest]));
  return [...set.content.tags].flatMap(([tag, digest]) => {
    const manifest = byDigest.get(digest);
    return manifest === undefined ? [] : [[tag, manifest] as const];
  });
}

function blobsOf({ content }: ConformanceSet): readonly Content[] {
  return [...content.blobs].map(([digest, bytes]) => ({ digest, mediaType: OCTETS, bytes }));
}

/**
 * The tests of one set, under the suite's names. Referrers come first: what no tag was ever at is known once a list has
 * named it, which is how clients find it.
 */
export function checkSet(set: ConformanceSet, place: () => Place): void {
  checkTagList(set, place);
  checkReferrers(set, place);
  checkHead(set, place);
  checkPull(set, place);
}

export function checkTagList(set: ConformanceSet, place: () => Place): void {
  const path = `${repositoryOf(set)}/tags/list`;
  const names = [...set.content.tags.keys()].sort();
  const listed = async (query = '') => {
    const reply = await ask(place(), 'GET', `${path}${query}`);
    expect(reply.status).toBe(200);
    return (JSON.parse(reply.body.toString()) as { tags: string[] }).tags;
  };

  it('tag-list', async () => {
    expect(await listed()).toEqual(names);
    const middle = names[Math.floor(names.length / 2)] ?? '';
    const after = names.slice(names.indexOf(middle) + 1);
    expect(await listed(`?last=${middle}`)).toEqual(after);
  });
}

function checkHead(set: ConformanceSet, place: () => Place): void {
  const repository = repositoryOf(set);

  it('head / manifest-head-by-tag', async () => {
    for (const [tag, manifest] of taggedOf(set)) {
      const path = `${repository}/manifests/${tag}`;
      expectHead(await ask(place(), 'HEAD', path, TWO_ACCEPT_LINES), manifest);
    }
  });

  it('head / manifest-head-by-digest', async () => {
    for (const manifest of manifestsOf(set)) {
      const path = `${repository}/manifests/${manifest.digest}`;
      expectHead(await ask(place(), 'HEAD', path, TWO_ACCEPT_LINES), manifest);
    }
  });

  it('head / blob-head', async () => {
    for (const blob of blobsOf(set)) {
      expectHead(await ask(place(), 'HEAD', `${repository}/blobs/${blob.digest}`), blob);
    }
  });
}

function checkPull(set: ConformanceSet, place: () => Place): void {
  const repository = repositoryOf(set);

  it('pull / manifest-by-tag', async () => {
    for (const [tag, manifest] of taggedOf(set)) {
      const path = `${repository}/manifests/${tag}`;
      expectBody(await ask(place(), 'GET', path, TWO_ACCEPT_LINES), manifest);
    }
  });

  it('pull / manifest-by-digest', async () => {
    for (const manifest of manifestsOf(set)) {
      const path = `${repository}/manifests/${manifest.digest}`;
      expectBody(await ask(place(), 'GET', path, TWO_ACCEPT_LINES), manifest);
    }
  });

  it('pull / blob-get', async () => {
    for (const blob of blobsOf(set)) {
      expectBody(await ask(place(), 'GET', `${repository}/blobs/${blob.digest}`), blob);
    }
  });
}

function checkReferrers(set: ConformanceSet, place: () => Place): void {
  const listed = async (subject: string, query = '') => {
    const reply = await ask(place(), 'GET', `${repositoryOf(set)}/referrers/${subject}${query}`);
    return { ...reply, manifests: referrersIn(reply) };
  };

  it.each([...set.content.referrers])('referrers of %s', async (subject, expected) => {
    expect((await listed(subject)).manifests).toEqual(expected);
    for (const { artifactType = '' } of expected) {
      const query = `?artifactType=${encodeURIComponent(artifactType)}`;
      const filtered = await listed(subject, query);
      expect(filtered.headers['oci-filters-applied']).toBe('artifactType');
      const wanted = expected.filter((one) => one.artifactType === artifactType);
      expect(filtered.manifests).toEqual(wanted);
    }
  });
}

/** The entries of a reply that must be an image index. */
export function referrersIn({ status, headers, body }: ClientReply): readonly ContentDescriptor[] {
  expect([status, headers['content-type']]).toEqual([200, MEDIA_TYPE.ociIndex]);
  const index = JSON.parse(body.toString()) as { readonly manifests: ContentDescriptor[] };
  expect(index).toMatchObject({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex });
  return index.manifests;
}
