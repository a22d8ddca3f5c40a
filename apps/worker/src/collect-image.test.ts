import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LooksForTest, openLooksForTest } from './testing/open-looks-for-test.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const NOWHERE = `sha256:${'0'.repeat(64)}`;

let looks: LooksForTest;
beforeAll(async () => {
  looks = await openLooksForTest();
});
afterAll(() => looks[Symbol.asyncDispose]());
beforeEach(() => {
  looks.saved.length = 0;
  looks.simulator.clearRequests();
});

/** A list of amd64 and arm64, in OCI's or Docker's media types, and the names of its parts. */
function pushList(format: 'oci' | 'docker' = 'oci') {
  const platforms = ['linux/amd64', 'linux/arm64'];
  const push = looks.simulator.push('library/test', 'latest', { platforms, format });
  const [A = '', B = ''] = push.children.map(({ digest }) => digest);
  expect(push.mediaType).toBe(format === 'oci' ? INDEX : LIST);
  return { L: push.digest, A, B };
}

/** A list whose amd64 image is sound, over `other` as the arm64 image. */
function pushListOver(other: string) {
  const { digest: A } = looks.simulator.push('library/test', 'a');
  const manifests = [A, other].map((digest, at) => ({
    mediaType: MANIFEST,
    digest,
    size: 1,
    platform: { os: 'linux', architecture: at === 0 ? 'amd64' : 'arm64' },
  }));
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });
  return looks.simulator.push('library/test', 'latest', { manifest, mediaType: INDEX }).digest;
}

const WHOLE = { importMode: 'PreserveOriginal' } as const;
const sorted = (...digests: string[]) => [...digests].sort();

/** OpenShift's TestImportManifestList and its companions. A HEAD comes before the GETs that they count. */
describe.each(['oci', 'docker'] as const)('a list of manifests in the types of %s', (format) => {
  it('PreserveOriginal by tag: gets the list and both images, three manifests', async () => {
    const { L, A, B } = pushList(format);
    expect(await looks.look('test:latest', WHOLE)).toMatchObject({ kind: 'imported', image: L });
    expect(looks.manifestGets()[0]).toBe(L);
    expect(sorted(...looks.manifestGets())).toEqual(sorted(L, A, B));
    expect(sorted(...(looks.saved.at(-1)?.parts ?? []))).toEqual(sorted(A, B));
  });

  it('PreserveOriginal by digest: gets the same three', async () => {
    const { L, A, B } = pushList(format);
    expect(await looks.look(`test@${L}`, WHOLE)).toMatchObject({ kind: 'imported', image: L });
    expect(sorted(...looks.manifestGets())).toEqual(sorted(L, A, B));
  });

  it('Legacy: gets the list and the chosen image, which is the one recorded', async () => {
    const { L, A } = pushList(format);
    expect(await looks.look(`test@${L}`)).toEqual({
      kind: 'imported',
      upstreamDigest: L,
      image: A,
      dockerImageReference: `test@${A}`,
    });
    expect(looks.manifestGets()).toEqual([L, A]);
    expect(looks.saved.map(({ digest }) => digest)).toEqual([A]);
  });

  it('both modes in turn: neither takes what the other got', async () => {
    const { L, A, B } = pushList(format);
    await looks.look(`test@${L}`, WHOLE);
    await looks.look(`test@${L}`);
    const gets = looks.manifestGets();
    expect([sorted(...gets.slice(0, 3)), gets.slice(3)]).toEqual([sorted(L, A, B), [L, A]]);
  });
});

describe('a list that is not whole', () => {
  it('PreserveOriginal with an image missing: fails, names it, and keeps nothing', async () => {
    const L = pushListOver(NOWHERE);
    expect(await looks.look(`test@${L}`, WHOLE)).toEqual({
      kind: 'failed',
      reason: 'NotFound',
      message: `test@${L}: the registry does not have its part ${NOWHERE}; push the whole image again`,
      retryable: false,
    });
    expect(looks.saved).toEqual([]);
  });

  it('PreserveOriginal with a config missing: fails, names it, and keeps nothing', async () => {
    const { simulator } = looks;
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', size: 2 };
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { ...config, digest: NOWHERE },
      layers: [],
    });
    const B = simulator.push('library/test', 'b', { manifest, mediaType: MANIFEST }).digest;
    const L = pushListOver(B);
    expect(await looks.look(`test@${L}`, WHOLE)).toMatchObject({
      kind: 'failed',
      reason: 'NotFound',
      message: expect.stringContaining(`does not have its part ${NOWHERE}`),
    });
    expect(looks.saved).toEqual([]);
  });

  it('Legacy: only what is chosen must be there', async () => {
    pushListOver(NOWHERE);
    expect(await looks.look('test')).toMatchObject({ kind: 'imported' });
    const arm64 = { preferArchitecture: 'arm64' };
    expect(await looks.look('test', arm64)).toMatchObject({ kind: 'failed', reason: 'NotFound' });
  });

  it('Legacy: an empty list has no image', async () => {
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] });
    looks.simulator.push('library/test', 'empty', { manifest, mediaType: INDEX });
    expect(await looks.look('test:empty')).toMatchObject({
      reason: 'InvalidManifest',
      message: 'test:empty: no manifests in manifest list',
    });
  });
});

describe('the choice of Legacy', () => {
  it.each([
    ['the preferred platform', ['linux/amd64', 'linux/arm64'], { preferArchitecture: 'arm64' }, 1],
    ['linux/amd64 without a preference', ['linux/arm64', 'linux/amd64'], {}, 1],
    [
      'linux/amd64 for want of the preferred',
      ['linux/s390x', 'linux/amd64'],
      { preferOs: 'aix' },
      1,
    ],
    ['the first for want of both', ['linux/s390x', 'linux/arm64'], { preferOs: 'aix' }, 0],
  ])('is %s', async (_, platforms, fields, chosen) => {
    const { children } = looks.simulator.push('library/test', 'choice', { platforms });
    const outcome = await looks.look('test:choice', fields);
    expect(outcome).toHaveProperty('image', children[chosen]?.digest);
  });

  it('leaves preferences aside for a digest, which says itself what it means', async () => {
    const { L, A } = pushList();
    const outcome = await looks.look(`test@${L}`, { preferArchitecture: 'arm64' });
    expect(outcome).toHaveProperty('image', A);
  });
});
