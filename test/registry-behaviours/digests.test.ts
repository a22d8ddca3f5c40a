import { describe, expect, it } from 'vitest';
import { NEW_IMAGE, openStage } from './open-stage.ts';
import { hexOf, imported, knownOf, TWO } from './pushed-images.ts';

describe('what a registry says about digests', () => {
  it('1: computes the digest where no header names it, and then asks one GET per look', async () => {
    await using stage = await openStage(['no-digest-header']);
    const push = stage.simulator.push('shop/web', 'v1');
    const outcome = await stage.look('shop/web:v1');
    expect(outcome).toMatchObject(imported(push));
    expect(stage.asked()).toEqual(['HEAD tag', 'GET tag', 'GET digest', 'GET blob']);
    expect(await stage.look('shop/web:v1', { known: knownOf(outcome) })).toMatchObject({
      kind: 'unchanged',
      upstreamDigest: push.digest,
    });
    expect(stage.asked()).toEqual(['GET tag']);
  });

  it('2: computes the digest of the one kind of manifest whose header a proxy has cut', async () => {
    await using stage = await openStage(['no-digest-header-on-index']);
    const image = stage.simulator.push('shop/web', 'v1');
    const index = stage.simulator.push('shop/multi', 'v1', TWO);
    expect(await stage.look('shop/web:v1')).toMatchObject(imported(image));
    expect(stage.asked()).toEqual(NEW_IMAGE);
    expect(await stage.look('shop/multi:v1')).toMatchObject(imported(index));
    expect(stage.asked()[0]).toBe('HEAD tag');
  });

  it('3: asks GET before it believes the 404 of a HEAD', async () => {
    await using stage = await openStage(['head-404']);
    const push = stage.simulator.push('shop/web', 'v1');
    const outcome = await stage.look('shop/web:v1');
    expect(outcome).toMatchObject(imported(push));
    expect(stage.asked()).toEqual(['HEAD tag', 'GET tag', 'GET digest', 'GET blob']);
    await stage.look('shop/web:v1', { known: knownOf(outcome) });
    expect(stage.asked()).toEqual(['GET tag']);
  });

  it('4: asks GET where HEAD is not allowed', async () => {
    await using stage = await openStage(['head-405']);
    const push = stage.simulator.push('shop/web', 'v1');
    expect(await stage.look('shop/web:v1')).toMatchObject(imported(push));
    expect(stage.asked()).toEqual(['HEAD tag', 'GET tag', 'GET digest', 'GET blob']);
  });

  it('4: asks GET where HEAD is answered with 400', async () => {
    await using stage = await openStage(['head-400']);
    const push = stage.simulator.push('shop/web', 'v1');
    expect(await stage.look('shop/web:v1')).toMatchObject(imported(push));
    expect(stage.asked()).toEqual(['HEAD tag', 'GET tag', 'GET digest', 'GET blob']);
  });

  it('5: takes neither ETag nor checksum of a file server for a digest', async () => {
    await using stage = await openStage(['head-as-file']);
    const push = stage.simulator.push('shop/web', 'v1');
    expect(await stage.look('shop/web:v1')).toMatchObject(imported(push));
    expect(stage.asked()).toEqual(['HEAD tag', 'GET tag', 'GET digest', 'GET blob']);
  });

  it('6: reads manifests of untold length to their end', async () => {
    await using stage = await openStage(['no-content-length']);
    const push = stage.simulator.push('shop/web', 'v1');
    expect(await stage.look('shop/web:v1')).toMatchObject(imported(push));
    expect(stage.asked()).toEqual(NEW_IMAGE);
  });

  it('6: takes an empty Content-Length for what it is, a reply that is no HTTP', async () => {
    await using stage = await openStage(['empty-content-length']);
    stage.simulator.push('shop/web', 'v1');
    expect(await stage.look('shop/web:v1')).toMatchObject({
      kind: 'failed',
      reason: 'RegistryError',
      message: expect.stringContaining('the reply is not valid http'),
    });
    expect(stage.asked()).toEqual(['HEAD tag']);
  });

  it('7: records nothing when the digest of an index comes with an image', async () => {
    await using stage = await openStage(['index-digest-on-image']);
    stage.simulator.push('shop/multi', 'v1', TWO);
    expect(await stage.look('shop/multi:v1')).toMatchObject({
      kind: 'failed',
      reason: 'InvalidManifest',
    });
    expect(stage.asked()).toEqual(['HEAD tag', 'GET digest']);
    expect(stage.saved).toEqual([]);
  });

  it('8: records the digest of what was served, in whatever format', async () => {
    await using stage = await openStage(['accept-ignored']);
    const push = stage.simulator.push('shop/multi', 'v1', { ...TWO, format: 'docker' });
    const outcome = await stage.look('shop/multi:v1', { importMode: 'PreserveOriginal' });
    const [served] = stage.saved.slice(-1);
    expect(outcome).toMatchObject({ kind: 'imported', image: served?.digest });
    expect(served?.digest).not.toBe(push.digest);
    expect(served?.digest).toBe(`sha256:${hexOf(served?.manifest ?? '')}`);
    expect(served?.mediaType).toBe('application/vnd.oci.image.index.v1+json');
  });

  it.each(['oci', 'docker'] as const)(
    '9: accepts images and indexes at once, so that a strict registry finds %s types among them',
    async (format) => {
      await using stage = await openStage(['accept-enforced']);
      const image = stage.simulator.push('shop/web', 'v1', { format });
      const index = stage.simulator.push('shop/multi', 'v1', { ...TWO, format });
      expect(await stage.look('shop/web:v1')).toMatchObject(imported(image));
      expect(await stage.look('shop/multi:v1')).toMatchObject(imported(index));
    },
  );

  it('10: asks once more with application/json after a 406, and remembers that', async () => {
    await using stage = await openStage(['wants-json-accept']);
    const push = stage.simulator.push('shop/web', 'v1');
    const outcome = await stage.look('shop/web:v1');
    expect(outcome).toMatchObject(imported(push));
    expect(stage.asked()).toEqual(['HEAD tag', ...NEW_IMAGE]);
    await stage.look('shop/web:v1', { known: knownOf(outcome) });
    expect(stage.asked()).toEqual(['HEAD tag']);
  });
});
