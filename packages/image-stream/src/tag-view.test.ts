import { describe, expect, it } from 'vitest';
import type { Image } from './image-view.ts';
import { taggedImage, viewStreamImage, viewTag } from './tag-view.ts';
import { aStream, aTag, D1 } from './testing/a-stream.ts';

const image: Image = {
  kind: 'Image',
  apiVersion: 'image.openshift.io/v1',
  metadata: { name: D1, annotations: { order: 'ascending' } },
  dockerImageReference: 'first/spelling',
  dockerImageMetadata: { kind: 'DockerImage', apiVersion: '1.0', Id: D1, Size: 1 },
  dockerImageMetadataVersion: '1.0',
  dockerImageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
  dockerImageLayers: [],
};
const event = {
  created: '2026-02-02T00:00:00Z',
  dockerImageReference: `quay.io/acme/app@${D1}`,
  image: D1,
  generation: 3,
};
const tagged = (fields = {}, items = [event]) =>
  aStream({ tags: [aTag(fields)], status: [{ tag: 'latest', items }] });

describe('viewTag', () => {
  it('joins the stream, the definition, the newest event and the image', () => {
    const annotations = { owner: 'us' };
    const view = viewTag(tagged({ annotations }), 'latest', image);
    expect(view).toMatchObject({
      kind: 'ImageStreamTag',
      metadata: {
        name: 'app:latest',
        namespace: 'acme',
        uid: 'u-1',
        resourceVersion: '7',
        creationTimestamp: event.created,
        annotations,
      },
      tag: { name: 'latest' },
      generation: 3,
      lookupPolicy: { local: false },
      image: {
        metadata: {
          name: D1,
          creationTimestamp: event.created,
          annotations: { order: 'ascending', owner: 'us' },
        },
        dockerImageReference: event.dockerImageReference,
      },
    });
    expect(view.conditions).toBeUndefined();
  });

  it('tells only the name and the reference of an image that was not read', () => {
    expect(viewTag(tagged(), 'latest').image).toEqual({
      metadata: { name: D1 },
      dockerImageReference: event.dockerImageReference,
    });
  });

  it('shows a tag before its first import', () => {
    const view = viewTag(aStream({}), 'latest');
    expect(view.image).toEqual({ metadata: { name: '' } });
    expect(view).toMatchObject({
      generation: 0,
      metadata: { creationTimestamp: '2026-01-01T10:00:00Z' },
    });
  });

  it('shows a tag that only the status has', () => {
    const stream = aStream({ tags: [], status: [{ tag: 'old', items: [event] }] });
    expect(viewTag(stream, 'old')).toMatchObject({ tag: null, image: { metadata: { name: D1 } } });
  });
});

describe('taggedImage', () => {
  it('is the newest event that has an image', () => {
    expect(taggedImage(tagged(), 'latest')).toBe(event);
    expect(taggedImage(tagged({}, [{ ...event, image: '' }]), 'latest')).toBeUndefined();
    expect(taggedImage(aStream({}), 'latest')).toBeUndefined();
  });
});

describe('viewStreamImage', () => {
  it('has the name that was asked for and the reference of this stream', () => {
    expect(viewStreamImage(tagged(), '1111', { event, image })).toMatchObject({
      metadata: { name: 'app@1111', namespace: 'acme', creationTimestamp: event.created },
      image: { metadata: { name: D1 }, dockerImageReference: event.dockerImageReference },
    });
  });
});
