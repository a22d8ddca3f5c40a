import { describe, expect, it } from 'vitest';
import type { ImageStamp } from '../image/build-image.ts';
import { buildImage, storedManifest } from '../image/build-image.ts';
import { buildIndex } from '../image/build-index.ts';
import type { ImageLayout } from '../image/image-spec.ts';
import { Repository, UNTAGGED_KEPT } from './repository.ts';

const stamp: ImageStamp = { seed: 's', created: '2026-01-01T00:00:00Z', labels: {}, format: 'oci' };

/** The smallest thing that takes a place. */
function emptyManifest(n: number): ImageLayout {
  return { root: storedManifest('text/plain', { n }), below: [], blobs: new Map() };
}

function pushMany(repository: Repository, count: number): void {
  for (let n = 0; n < count; n += 1) repository.put('moving', emptyManifest(n));
}

describe('Repository', () => {
  it('forgets images long untagged, and keeps the newest', () => {
    const repository = new Repository('shop/web');
    const first = emptyManifest(0);
    pushMany(repository, 2 * UNTAGGED_KEPT + 1);
    expect(repository.manifest(first.root.digest)).toBeUndefined();
    const kept = emptyManifest(UNTAGGED_KEPT + 1).root.digest;
    expect(repository.manifest(kept)?.digest).toBe(kept);
  });

  it('keeps what a tag leads to however old it is: the index, its images, their blobs', () => {
    const repository = new Repository('shop/web');
    const image = buildIndex(stamp, ['linux/amd64', 'linux/arm64'], true);
    repository.put('stable', image);
    pushMany(repository, 2 * UNTAGGED_KEPT + 1);
    const found = repository.layout(image.root.digest);
    expect(found?.below).toHaveLength(4);
    expect(found?.blobs).toEqual(image.blobs);
  });

  it('forgets the blobs with the image', () => {
    const repository = new Repository('shop/web');
    const image = buildImage(stamp, 'linux/amd64');
    repository.put('moving', image);
    pushMany(repository, 2 * UNTAGGED_KEPT + 1);
    expect([...image.blobs.keys()].filter((digest) => repository.blob(digest))).toEqual([]);
  });

  it('counts an image that is pushed again among the newest', () => {
    const repository = new Repository('shop/web');
    const image = buildImage(stamp, 'linux/amd64');
    repository.put('moving', image);
    pushMany(repository, UNTAGGED_KEPT + 500);
    repository.put('moving', image);
    for (let n = 0; n < 500; n += 1) repository.put('moving', emptyManifest(-1 - n));
    expect(repository.manifest(emptyManifest(0).root.digest)).toBeUndefined();
    expect(repository.manifest(image.root.digest)).toBeDefined();
  });
});
