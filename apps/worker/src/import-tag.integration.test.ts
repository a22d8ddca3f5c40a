import { type ImageDocument, type ImportOutcome, NO_POLICY } from '@tagtrail/image-stream';
import type { ImportJob } from '@tagtrail/import-contract';
import { openRegistryClient, type RegistryClient } from '@tagtrail/registry-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVERY_ADDRESS } from '../../../packages/registry-client/src/testing/every-address.ts';
import {
  openRegistrySimulator,
  type RegistrySimulator,
} from '../../../packages/registry-simulator/src/index.ts';
import { failureOf, imageName } from './import-failure.ts';
import { importTag } from './import-tag.ts';
import { importJob } from './testing/import-jobs.ts';

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
  simulator.faults.clear();
});

const job = (path: string, fields: Partial<ImportJob> = {}) =>
  importJob(`${simulator.host}/${path}`, fields);

async function look(wanted: ImportJob, registries = NO_POLICY): Promise<ImportOutcome> {
  const images = {
    save: async (documents: readonly ImageDocument[]) => void saved.push(...documents),
  };
  try {
    return await importTag(wanted, { registry, images, registries }, AbortSignal.timeout(10_000));
  } catch (error) {
    const failure = failureOf(error, { name: imageName(wanted.from), now: Date.now() });
    if (failure === undefined) throw error;
    return failure;
  }
}

const asked = () => simulator.requests.map(({ method, route }) => `${method} ${route}`);

describe('importTag', () => {
  it('fetches manifest and config of a new image and saves them before it tells', async () => {
    const push = simulator.push('shop/web', 'v1');
    const outcome = await look(job('shop/web:v1'));
    expect(outcome).toEqual({
      kind: 'imported',
      upstreamDigest: push.digest,
      image: push.digest,
      dockerImageReference: `${simulator.host}/shop/web@${push.digest}`,
    });
    expect(saved.map(({ digest, config }) => [digest, config !== undefined])).toEqual([
      [push.digest, true],
    ]);
    expect(asked().filter((one) => !one.includes('ping'))).toEqual([
      'HEAD manifest',
      'GET manifest',
      'GET blob',
    ]);
  });

  it('asks one HEAD for a tag that did not move', async () => {
    const { digest } = simulator.push('shop/web', 'v2');
    const known = { upstreamDigest: digest, image: digest };
    await look(job('shop/web:v2', { known }));
    simulator.clearRequests();
    expect(await look(job('shop/web:v2', { known }))).toEqual({ kind: 'unchanged', ...known });
    expect(asked()).toEqual(['HEAD manifest']);
    expect(saved).toEqual([]);
  });

  it('follows an index to the preferred entry in Legacy mode and remembers both digests', async () => {
    const push = simulator.push('shop/multi', 'v1', {
      platforms: ['linux/arm64', 'linux/amd64'],
      attestations: true,
    });
    const entry = (platform: string) =>
      push.children.find((child) => child.platform === platform)?.digest;
    expect(await look(job('shop/multi:v1'))).toMatchObject({
      upstreamDigest: push.digest,
      image: entry('linux/amd64'),
      dockerImageReference: `${simulator.host}/shop/multi@${entry('linux/amd64')}`,
    });
    const arm = await look(job('shop/multi:v1', { preferArchitecture: 'arm64' }));
    expect(arm).toMatchObject({ image: entry('linux/arm64') });
  });

  it('keeps an index and every entry under PreserveOriginal, or fails', async () => {
    const push = simulator.push('shop/whole', 'v1', { platforms: ['linux/amd64', 'linux/arm64'] });
    const outcome = await look(job('shop/whole:v1', { importMode: 'PreserveOriginal' }));
    expect(outcome).toMatchObject({ kind: 'imported', image: push.digest });
    expect(saved.map(({ digest }) => digest).sort()).toEqual(
      [push.digest, ...push.children.map(({ digest }) => digest)].sort(),
    );
    simulator.faults.set({ reference: push.children[1]?.digest ?? '' }, { status: 404 });
    const failed = await look(job('shop/whole:v1', { importMode: 'PreserveOriginal' }));
    expect(failed).toMatchObject({ kind: 'failed', reason: 'NotFound' });
  });

  it.each([
    ['a missing tag', 'shop/web:nope', undefined, 'NotFound'],
    ['a refusal', 'shop/web:v1', { status: 403 }, 'Forbidden'],
    ['a limit', 'shop/web:v1', { status: 429, retryAfter: 30 }, 'TooManyRequests'],
    ['trouble', 'shop/web:v1', { status: 503 }, 'RegistryError'],
    ['garbage', 'shop/web:v1', { garbageBody: true }, 'InvalidManifest'],
    ['another digest than the bytes', 'shop/web:v1', { wrongDigestHeader: true }, 'NotFound'],
  ] as const)('answers %s as %s with reason %s', async (_, path, fault, reason) => {
    if (fault !== undefined) simulator.faults.set({ route: 'manifest' }, fault);
    expect(await look(job(path))).toMatchObject({ kind: 'failed', reason });
  });

  it.each([
    [
      'blocked',
      { allowed: [], blocked: ['127.0.0.1'] },
      /^forbidden: registry 127\.0\.0\.1:\d+ blocked$/,
    ],
    [
      'not allowed',
      { allowed: ['quay.io'], blocked: [] },
      /not allowed by whitelist: "quay\.io:443"$/,
    ],
  ])('asks nothing of a registry that is %s', async (_, registries, message) => {
    const outcome = await look(job('shop/web:v1'), registries);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'Forbidden', retryable: false });
    expect(outcome).toHaveProperty('message', expect.stringMatching(message));
    expect(simulator.requests).toEqual([]);
  });

  it('refuses a registry that speaks plain HTTP unless the tag allows it, on loopback too', async () => {
    const outcome = await look(job('shop/web:v1', { insecure: false }));
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(outcome).toHaveProperty('message', expect.stringContaining('importPolicy.insecure'));
    expect(simulator.requests).toEqual([]);
  });

  it('answers an unreadable reference without asking anybody', async () => {
    expect(await look({ ...job(''), from: 'test///un/parse/able/image' })).toMatchObject({
      kind: 'failed',
      reason: 'InvalidReference',
      message: '"test///un/parse/able/image": invalid reference format',
    });
  });
});
