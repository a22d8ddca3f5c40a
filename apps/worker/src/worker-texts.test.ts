import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostGate } from './host-gate.ts';
import { lookWithin } from './look-within.ts';
import { type LooksForTest, openLooksForTest } from './testing/open-looks-for-test.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const EMPTY = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  size: 2,
  digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
};
/** Characters; a manifest may have four million. */
const LONG = 'x'.repeat(3_900_000);

const never = new AbortController().signal;

describe('why an image can not be had', () => {
  let looks: LooksForTest;

  beforeAll(async () => {
    looks = await openLooksForTest();
  });

  afterAll(async () => {
    await looks[Symbol.asyncDispose]();
  });

  /** Pushes an index over these digests; answers its own. */
  function pushIndex(tag: string, digests: readonly string[], mediaType = MANIFEST): string {
    const platform = { os: 'linux', architecture: 'amd64' };
    const manifests = digests.map((digest) => ({ mediaType, digest, size: 1, platform }));
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });
    return looks.simulator.push('team/app', tag, { manifest, mediaType: INDEX }).digest;
  }

  it.each(['Legacy', 'PreserveOriginal'] as const)(
    'is told of a nest of indexes (%s)',
    async (importMode) => {
      let digest = looks.simulator.push('team/app', 'image').digest;
      for (let depth = 1; depth <= 5; depth += 1) {
        digest = pushIndex('nest', [digest], depth === 1 ? MANIFEST : INDEX);
      }
      expect(await looks.look('quay.io/team/app:nest', { importMode })).toMatchObject({
        reason: 'InvalidManifest',
        message: 'quay.io/team/app:nest: the index nests deeper than 4',
      });
    },
  );

  it('is told of an index of too many images', async () => {
    const digests = Array.from(
      { length: 201 },
      (_, at) => `sha256:${at.toString(16).padStart(64, '0')}`,
    );
    pushIndex('many', digests);
    const importMode = 'PreserveOriginal';
    expect(await looks.look('quay.io/team/app:many', { importMode })).toMatchObject({
      message: 'quay.io/team/app:many: the index has 201 images, at most 200 are kept',
    });
  });

  it('is told of an index with too much text', async () => {
    const digests = Array.from({ length: 9 }, (_, at) => {
      const manifest = JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        artifactType: 'application/x-note',
        config: EMPTY,
        layers: [EMPTY],
        annotations: { LONG, at: String(at) },
      });
      const note = { manifest, mediaType: MANIFEST, blobs: ['{}'] };
      return looks.simulator.push('team/app', `note-${at}`, note).digest;
    });
    pushIndex('long', digests);
    const importMode = 'PreserveOriginal';
    expect(await looks.look('quay.io/team/app:long', { importMode })).toMatchObject({
      message:
        'quay.io/team/app:long: the index and its images have more than 33554432 characters of metadata',
    });
  });

  it('is told of a tag that moves all the time', async () => {
    looks.simulator.push('team/app', 'fast');
    looks.simulator.faults.set({ route: 'manifest' }, { wrongDigestHeader: true });
    expect(await looks.look('quay.io/team/app:fast')).toMatchObject({
      reason: 'NotFound',
      message:
        'quay.io/team/app:fast: the manifest went away under 3 looks in a row; it is tried again',
    });
  });

  it('is told of a registry that does not answer', async () => {
    const hang = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const limits = { name: 'quay.io/team/app:v1', deadline: 1, stop: never };
    expect(await lookWithin(hang, limits)).toMatchObject({
      reason: 'Timeout',
      message:
        'quay.io/team/app:v1: no complete answer within 0 s; is the registry reachable and well?',
    });
  });

  it('is none when it is the worker that stops', async () => {
    const gate = new HostGate({ perHost: 1, total: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = gate.run('quay.io', () => promise, never);
    await expect(gate.run('quay.io', () => promise, AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
      message: 'stopped while waiting for a turn',
    });
    resolve();
    await first;
  });
});
