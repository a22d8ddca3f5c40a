import { describe, expect, it } from 'vitest';
import { decodeTagWrite } from './upsert-tag-decode.ts';

const metadata = { name: 'app:v1', namespace: 'acme', creationTimestamp: null };

describe('decodeTagWrite', () => {
  it('reads what oc sends and defaults what is left empty', () => {
    const decoded = decodeTagWrite({
      kind: 'ImageStreamTag',
      apiVersion: 'image.openshift.io/v1',
      metadata,
      tag: {
        name: '',
        annotations: {},
        from: { kind: 'DockerImage', name: 'quay.io/acme/app:1' },
        generation: null,
        importPolicy: {},
        referencePolicy: { type: '' },
      },
      generation: 0,
      image: { metadata: { creationTimestamp: null }, dockerImageMetadata: null },
    });
    expect(decoded).toEqual({
      ok: true,
      write: {
        metadata: { name: 'app:v1', namespace: 'acme' },
        tag: {
          name: '',
          annotations: {},
          from: { kind: 'DockerImage', name: 'quay.io/acme/app:1' },
          importPolicy: { importMode: 'Legacy' },
          referencePolicy: { type: 'Source' },
        },
      },
    });
  });

  it.each([undefined, null])('has no definition when the tag is %s', (tag) => {
    expect(decodeTagWrite({ metadata, tag })).toMatchObject({ write: { tag: undefined } });
  });

  it('names wrong fields as they stand in the body', () => {
    const decoded = decodeTagWrite({ kind: 'Pod', metadata, tag: { from: { kind: 7 } } });
    expect(decoded.ok ? [] : decoded.causes.map(({ field }) => field)).toEqual([
      'kind',
      'tag.from.kind',
    ]);
  });
});
