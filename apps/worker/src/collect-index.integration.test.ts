import type { ImageDocument, ImportOutcome } from '@tagtrail/image-stream';
import { openRegistryClient, type RegistryClient } from '@tagtrail/registry-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVERY_ADDRESS } from '../../../packages/registry-client/src/testing/every-address.ts';
import {
  openRegistrySimulator,
  type RegistrySimulator,
} from '../../../packages/registry-simulator/src/index.ts';
import { importTag } from './import-tag.ts';
import { importJob } from './testing/import-jobs.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

let simulator: RegistrySimulator;
let registry: RegistryClient;
let saved: ImageDocument[];
beforeAll(async () => {
  simulator = await openRegistrySimulator();
  registry = openRegistryClient({ userAgent: 'tagtrail-test', addresses: EVERY_ADDRESS });
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await simulator[Symbol.asyncDispose]();
});
beforeEach(() => {
  saved = [];
  simulator.clearRequests();
});

async function importWhole(path: string): Promise<ImportOutcome> {
  const images = {
    save: async (documents: readonly ImageDocument[]) => void saved.push(...documents),
  };
  const job = importJob(`${simulator.host}/${path}`, { importMode: 'PreserveOriginal' });
  return importTag(job, { registry, images }, new AbortController().signal);
}

/** Pushes an index over manifests that the repository has. */
function pushIndex(
  repository: string,
  tag: string,
  digests: readonly string[],
  mediaType = MANIFEST,
) {
  const manifests = digests.map((digest) => ({
    mediaType,
    digest,
    size: 1,
    platform: { os: 'linux', architecture: 'amd64' },
  }));
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });
  return simulator.push(repository, tag, { manifest, mediaType: INDEX });
}

const partsOf = (digest: string) =>
  [...(saved.find((document) => document.digest === digest)?.parts ?? [])].sort();
const manifestGets = () =>
  simulator.requests.filter(({ method, route }) => method === 'GET' && route === 'manifest').length;

describe('an index that is kept whole', () => {
  it('names what it is made of, and is saved after it', async () => {
    const platforms = ['linux/amd64', 'linux/arm64'];
    const push = simulator.push('whole/two', 'v1', { platforms });
    expect(await importWhole('whole/two:v1')).toMatchObject({ image: push.digest });
    expect(partsOf(push.digest)).toEqual(push.children.map(({ digest }) => digest).sort());
    expect(saved.at(-1)?.digest).toBe(push.digest);
  });

  it('counts what nested indexes are made of among its own parts', async () => {
    const [a = '', b = ''] = ['a', 'b'].map((tag) => simulator.push('whole/deep', tag).digest);
    const inner = pushIndex('whole/deep', 'inner', [a]);
    const outer = pushIndex('whole/deep', 'outer', [inner.digest, b], INDEX);
    expect(await importWhole('whole/deep:outer')).toMatchObject({ image: outer.digest });
    expect(partsOf(outer.digest)).toEqual([a, b, inner.digest].sort());
    expect(partsOf(inner.digest)).toEqual([a]);
  });

  it('asks once for an image that stands in it several times', async () => {
    const one = simulator.push('whole/same', 'a').digest;
    pushIndex('whole/same', 'v1', [one, one, one]);
    expect(await importWhole('whole/same:v1')).toMatchObject({ kind: 'imported' });
    expect(manifestGets()).toBe(2);
    expect(saved).toHaveLength(2);
  });

  it('is refused when it nests too deep', async () => {
    let digest = simulator.push('whole/abyss', 'image').digest;
    for (let depth = 0; depth < 6; depth += 1) {
      digest = pushIndex(
        'whole/abyss',
        `d${depth}`,
        [digest],
        depth === 0 ? MANIFEST : INDEX,
      ).digest;
    }
    expect(await importWhole('whole/abyss:d5')).toMatchObject({
      reason: 'InvalidManifest',
      message: expect.stringContaining('nests deeper than 4'),
    });
  });

  it('is refused when it is made of more than a person would push, nested or not', async () => {
    const digests = (from: number, count: number) =>
      Array.from(
        { length: count },
        (_, at) => `sha256:${(from + at).toString(16).padStart(64, '0')}`,
      );
    pushIndex('whole/many', 'flat', digests(0, 201));
    expect(await importWhole('whole/many:flat')).toMatchObject({
      reason: 'InvalidManifest',
      message: expect.stringContaining('has 201 images, at most 200 are kept'),
    });
    expect(manifestGets()).toBe(1);
    const images = Array.from(
      { length: 102 },
      (_, at) => simulator.push('whole/many', `i${at}`).digest,
    );
    const halves = [
      images,
      Array.from({ length: 102 }, (_, at) => simulator.push('whole/many', `j${at}`).digest),
    ].map((half, at) => pushIndex('whole/many', `h${at}`, half).digest);
    pushIndex('whole/many', 'nested', halves, INDEX);
    expect(await importWhole('whole/many:nested')).toMatchObject({ reason: 'InvalidManifest' });
    expect(saved).toEqual([]);
  });

  it('is refused when its documents are too long together', async () => {
    const long = 'x'.repeat(3 * 1024 * 1024);
    const digests = Array.from({ length: 12 }, (_, at) => {
      const annotations = { long, at: String(at) };
      const empty = { mediaType: 'application/vnd.oci.empty.v1+json', size: 2 };
      const digest = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
      const manifest = JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        artifactType: 'application/x-note',
        config: { ...empty, digest },
        layers: [{ ...empty, digest }],
        annotations,
      });
      return simulator.push('whole/long', `a${at}`, {
        manifest,
        mediaType: MANIFEST,
        blobs: ['{}'],
      }).digest;
    });
    pushIndex('whole/long', 'v1', digests);
    expect(await importWhole('whole/long:v1')).toMatchObject({
      reason: 'InvalidManifest',
      message: expect.stringContaining('characters of metadata'),
    });
    expect(saved).toEqual([]);
  });
});
