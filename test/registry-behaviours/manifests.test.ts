import { describe, expect, it } from 'vitest';
import {
  created,
  record,
  look as recorded,
} from '../../packages/image-stream/src/testing/a-record.ts';
import { T1, T2 } from '../../packages/image-stream/src/testing/a-stream.ts';
import { NEW_IMAGE, openStage } from './open-stage.ts';
import { hexOf, imported, knownOf, TWO } from './pushed-images.ts';

describe('what manifests look like', () => {
  it('11: says that schema 1 is not supported, after one request', async () => {
    await using stage = await openStage(['schema1']);
    stage.simulator.push('shop/web', 'v1');
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'UnsupportedManifest',
      message: expect.stringContaining('push the image again with a current client'),
    });
    expect(stage.asked()).toEqual(['HEAD tag']);
    expect(stage.saved).toEqual([]);
  });

  it('12: goes by the Content-Type where a document has no media type', async () => {
    await using stage = await openStage(['no-media-type']);
    const push = stage.simulator.push('shop/multi', 'v1', TWO);
    const outcome = await stage.look('shop/multi:v1');
    expect(outcome).toMatchObject({ kind: 'imported', image: push.children[0]?.digest });
    expect(outcome).not.toMatchObject({ upstreamDigest: push.digest });
  });

  it('13: passes over parameters of the Content-Type', async () => {
    await using stage = await openStage(['content-type-charset']);
    const push = stage.simulator.push('shop/multi', 'v1', TWO);
    expect(await stage.look('shop/multi:v1')).toMatchObject(imported(push));
  });

  it('13: goes by the document where the Content-Type is text/plain', async () => {
    await using stage = await openStage(['content-type-text-plain']);
    const push = stage.simulator.push('shop/multi', 'v1', TWO);
    expect(await stage.look('shop/multi:v1')).toMatchObject(imported(push));
  });

  it('14: never takes an attestation for the image', async () => {
    await using stage = await openStage(['attestation-first']);
    const push = stage.simulator.push('shop/multi', 'v1', TWO);
    expect(await stage.look('shop/multi:v1')).toMatchObject({
      kind: 'imported',
      image: push.children[0]?.digest,
    });
  });

  it('14: takes the first entry where none has a platform', async () => {
    await using stage = await openStage(['no-platform']);
    const push = stage.simulator.push('shop/multi', 'v1', TWO);
    expect(await stage.look('shop/multi:v1')).toMatchObject({
      kind: 'imported',
      image: push.children[0]?.digest,
    });
  });

  it('15: follows an index inside an index', async () => {
    await using stage = await openStage(['nested-index']);
    const push = stage.simulator.push('shop/multi', 'v1', TWO);
    expect(await stage.look('shop/multi:v1')).toMatchObject({
      kind: 'imported',
      image: push.children[0]?.digest,
    });
    const kept = await stage.look('shop/multi:v1', { importMode: 'PreserveOriginal' });
    expect(kept).toMatchObject({ kind: 'imported' });
    expect(stage.saved.map(({ digest }) => digest)).toContain(push.digest);
  });

  it('15: does not follow indexes without end', async () => {
    await using stage = await openStage([]);
    let below = stage.simulator.push('shop/deep', 'v0', TWO);
    for (let depth = 1; depth <= 6; depth += 1) {
      const entry = { mediaType: below.mediaType, digest: below.digest, size: 1 };
      const manifest = JSON.stringify({ schemaVersion: 2, manifests: [entry] });
      const image = { manifest, mediaType: 'application/vnd.oci.image.index.v1+json' };
      below = stage.simulator.push('shop/deep', `v${depth}`, image);
    }
    expect(await stage.look('shop/deep:v6')).toMatchObject({
      kind: 'failed',
      reason: 'InvalidManifest',
      message: expect.stringContaining('nests deeper than'),
    });
    expect(stage.asked().length).toBeLessThanOrEqual(6);
  });

  it('16: keeps the image while its index grows', async () => {
    await using stage = await openStage(['index-still-growing']);
    const push = stage.simulator.push('shop/multi', 'v1', TWO);
    const early = await stage.look('shop/multi:v1');
    stage.simulator.faults.clear();
    const late = await stage.look('shop/multi:v1', { known: knownOf(early) });
    expect(late).toMatchObject(imported(push));
    expect(knownOf(late).image).toBe(knownOf(early).image);
    expect(knownOf(late).upstreamDigest).not.toBe(knownOf(early).upstreamDigest);
    const first = record(created(), [recorded(1, early)], T1);
    const second = record(first, [recorded(2, late)], T2);
    expect(second.changed).toBe(false);
    expect(second.stream.status.tags?.[0]?.items).toHaveLength(1);
  });

  it('17: keeps the image while its tag names index and image in turn', async () => {
    await using stage = await openStage(['index-or-image']);
    const push = stage.simulator.push('shop/multi', 'v1', TWO);
    const images: string[] = [];
    for (let look = 0; look < 4; look += 1) {
      images.push(knownOf(await stage.look('shop/multi:v1')).image);
    }
    expect(new Set(images)).toEqual(new Set([push.children[0]?.digest]));
    expect(stage.asked()).toHaveLength(4 * 3 + 2);
  });

  it('18: records what each look saw of a tag that goes back and forth', async () => {
    await using stage = await openStage(['flip-flop']);
    const before = stage.simulator.push('shop/web', 'v1');
    const after = stage.simulator.push('shop/web', 'v1');
    const images: string[] = [];
    for (let look = 0; look < 4; look += 1) {
      images.push(knownOf(await stage.look('shop/web:v1')).image);
    }
    expect(images).toEqual([after.digest, before.digest, after.digest, before.digest]);
  });

  it('19: looks at most three times for a manifest that HEAD names and GET does not find', async () => {
    await using stage = await openStage(['digest-404']);
    stage.simulator.push('shop/web', 'v1');
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'NotFound',
      message: expect.stringContaining('went away under 3 looks'),
    });
    const looks = [1, 2, 3].flatMap(() => ['HEAD tag', 'GET digest']);
    expect(stage.asked()).toEqual(looks);
  });

  it('20: says that a listed tag is not there, and lists it all the same', async () => {
    await using stage = await openStage(['listed-but-gone']);
    stage.simulator.push('shop/web', 'v1');
    expect(await stage.list('shop/web')).toEqual({ kind: 'listed', tags: ['v1'] });
    expect(await stage.look('shop/web:v1')).toMatchObject({ kind: 'failed', reason: 'NotFound' });
    expect(stage.asked()).toEqual(['GET tags', 'HEAD tag', 'GET tag']);
  });

  it('21: records nothing that a proxy has written anew', async () => {
    await using stage = await openStage(['reserialised']);
    stage.simulator.push('shop/web', 'v1');
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'InvalidManifest',
      message: expect.stringContaining('content integrity error'),
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET digest']);
    expect(stage.saved).toEqual([]);
  });

  it('22: records nothing that came compressed against its wish', async () => {
    await using stage = await openStage(['gzipped', 'no-digest-header']);
    stage.simulator.push('shop/web', 'v1');
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'InvalidManifest',
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET tag']);
    expect(stage.saved).toEqual([]);
  });

  it('23: stops reading a manifest at 4 MiB', async () => {
    await using stage = await openStage(['giant-manifest']);
    stage.simulator.push('shop/multi', 'v1', TWO);
    expect(await stage.look('shop/multi:v1')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('larger than 4194304 bytes'),
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET digest']);
  });

  it('23: finds its image among 1500, and does not collect them all', async () => {
    await using stage = await openStage(['many-entries']);
    const push = stage.simulator.push('shop/multi', 'v1', TWO);
    expect(await stage.look('shop/multi:v1')).toMatchObject({
      kind: 'imported',
      image: push.children[0]?.digest,
    });
    stage.asked();
    expect(await stage.look('shop/multi:v1', { importMode: 'PreserveOriginal' })).toMatchObject({
      kind: 'failed',
      reason: 'InvalidManifest',
      message: expect.stringContaining('at most 200 are kept'),
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET digest']);
  });

  it('24: verifies content by the algorithm that its digest names', async () => {
    await using stage = await openStage(['sha512-digests']);
    stage.simulator.push('shop/web', 'v1');
    const outcome = await stage.look('shop/web:v1');
    const text = stage.saved[0]?.manifest ?? '';
    expect(knownOf(outcome).image).toBe(`sha512:${hexOf(text, 'sha512')}`);
    expect(stage.asked()).toEqual(NEW_IMAGE);
  });

  it('25: records what is no image without looking for its config', async () => {
    await using stage = await openStage(['artifact']);
    stage.simulator.push('shop/chart', 'v1');
    expect(await stage.look('shop/chart:v1')).toMatchObject({ kind: 'imported' });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET digest']);
    expect(stage.saved).toHaveLength(1);
    expect(stage.saved[0]).not.toHaveProperty('config');
  });

  it('26: asks for no manifest among the blobs', async () => {
    await using stage = await openStage(['manifest-as-blob']);
    const push = stage.simulator.push('shop/multi', 'v1', TWO);
    await stage.look('shop/multi:v1', { importMode: 'PreserveOriginal' });
    const manifests = [push.digest, ...push.children.map(({ digest }) => digest)];
    const blobs = stage.simulator.requests.filter(({ route }) => route === 'blob');
    expect(blobs).toHaveLength(2);
    expect(blobs.filter(({ reference = '' }) => manifests.includes(reference))).toEqual([]);
  });
});
