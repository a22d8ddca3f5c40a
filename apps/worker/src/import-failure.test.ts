import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LooksForTest, openLooksForTest } from './testing/open-looks-for-test.ts';

const DIGEST = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SCHEMA1 = 'application/vnd.docker.distribution.manifest.v1+prettyjws';

let looks: LooksForTest;
beforeEach(async () => {
  looks = await openLooksForTest();
  looks.simulator.push('library/test', 'tag');
});
afterEach(() => looks[Symbol.asyncDispose]());

/** A registry that answers GET alone, with this error: replies to HEAD have no words. */
function breakManifests(message: string): void {
  const body = JSON.stringify({ errors: [{ code: 'UNKNOWN', message }] });
  looks.simulator.faults.set({ method: 'HEAD' }, { status: 405 });
  looks.simulator.faults.set({ method: 'GET' }, { status: 500, body });
}

/** OpenShift's TestImport, row by row. */
describe('what the golden table of imports says', () => {
  it('a tag with a server error: RegistryError where OpenShift has InternalError, in our words', async () => {
    breakManifests('no such manifest tag');
    expect(await looks.look('test')).toEqual({
      kind: 'failed',
      reason: 'RegistryError',
      message:
        'docker.io/library/test:latest: the server answered 500 (the server says: UNKNOWN: no such manifest tag)',
      retryable: true,
    });
  });

  it('a digest with a server error: the same, naming the digest', async () => {
    breakManifests('no such digest');
    expect(await looks.look(`test@${DIGEST}`)).toMatchObject({
      reason: 'RegistryError',
      message: expect.stringMatching(/^docker\.io\/library\/test@sha256:e3b0.*no such digest\)$/u),
    });
  });

  it('a source that cannot be read: InvalidReference, naming it as it was written', async () => {
    expect(await looks.look('test///un/parse/able/image')).toMatchObject({
      reason: 'InvalidReference',
      message: '"test///un/parse/able/image": invalid reference format',
    });
    expect(looks.simulator.requests).toEqual([]);
  });

  it('a repository that cannot be reached: ConnectionFailed where OpenShift has InternalError', async () => {
    const { host } = looks.simulator;
    looks.simulator.faults.set({ route: 'tags' }, { reset: true });
    expect(await looks.list(`${host}/library/test`)).toMatchObject({
      kind: 'failed',
      reason: 'ConnectionFailed',
      message: expect.stringMatching(`^${host}/library/test: list of tags: `),
    });
  });

  it('a tag that is there: pinned as it was spelled, without docker.io and library', async () => {
    const [push] = looks.simulator.pushes;
    expect(await looks.look('test:tag')).toMatchObject({
      kind: 'imported',
      dockerImageReference: `test@${push?.digest}`,
    });
  });

  it.each([
    ['by its media type', SCHEMA1],
    ['by its content', 'application/json'],
  ])(
    'schema 1, known %s: UnsupportedManifest where OpenShift imports it, and what to do',
    async (_, mediaType) => {
      const manifest = JSON.stringify({
        schemaVersion: 1,
        name: 'etcd',
        fsLayers: [],
        history: [],
      });
      looks.simulator.push('library/test', 'old', { manifest, mediaType });
      expect(await looks.look('test:old')).toEqual({
        kind: 'failed',
        reason: 'UnsupportedManifest',
        message:
          'test:old: docker schema 1 manifests are not supported; push the image again with a current client',
        retryable: false,
      });
    },
  );
});

describe('an image that is not there', () => {
  it.each([
    ['test:nope', 'docker.io/library/test:nope'],
    ['acme/app', 'docker.io/acme/app:latest'],
    ['docker.io/library/test:nope', 'docker.io/library/test:nope'],
    ['quay.io/acme/app', 'quay.io/acme/app:latest'],
    [`quay.io/acme/app:v1@${DIGEST}`, `quay.io/acme/app@${DIGEST}`],
  ])('is told in the words of OpenShift: %s', async (from, name) => {
    expect(await looks.look(from)).toEqual({
      kind: 'failed',
      reason: 'NotFound',
      message: `dockerimage.image.openshift.io "${name}" not found`,
      retryable: false,
    });
  });

  it('is a repository without a tag when its tags were to be listed', async () => {
    expect(await looks.list('quay.io/acme/none')).toMatchObject({
      reason: 'NotFound',
      message: 'dockerimage.image.openshift.io "quay.io/acme/none" not found',
    });
  });
});

describe('an image that may not be seen', () => {
  it('is told in the words of OpenShift, and what to do: configure credentials', async () => {
    looks.simulator.requireAuth('basic', { username: 'alice', password: 'secret' });
    const advice =
      'the repository does not exist, or needs credentials and none are configured for quay.io';
    expect(await looks.look('quay.io/acme/app')).toMatchObject({
      reason: 'Unauthorized',
      message: expect.stringContaining(
        `you may not have access to the container image "quay.io/acme/app:latest"; ${advice}`,
      ),
    });
    expect(await looks.list('quay.io/acme/app')).toMatchObject({
      reason: 'Unauthorized',
      message: expect.stringContaining(`the container image "quay.io/acme/app"; ${advice}`),
    });
  });

  it('is told so too when the token service refuses, and nothing of the secret', async () => {
    await using knowing = await openLooksForTest({
      credentials: () => [{ username: 'alice', password: 'wr0ng-secret' }],
    });
    knowing.simulator.requireAuth('bearer', { username: 'alice', password: 'secret' });
    const outcome = await knowing.look('quay.io/acme/app:v1');
    expect(outcome).toMatchObject({
      reason: 'Unauthorized',
      message: expect.stringMatching(
        /^you may not have access to the container image "quay\.io\/acme\/app:v1"; .*credentials/u,
      ),
    });
    expect(JSON.stringify(outcome)).not.toContain('wr0ng-secret');
  });

  it('is Forbidden when the registry says so, and says whom to ask', async () => {
    looks.simulator.faults.set({ route: 'manifest' }, { status: 403 });
    expect(await looks.look('quay.io/acme/app:v1')).toMatchObject({
      reason: 'Forbidden',
      message: expect.stringContaining('check what quay.io lets this client pull'),
    });
  });
});
