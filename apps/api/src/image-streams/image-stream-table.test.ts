import { IMAGE_API_VERSION, type ImageStream } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import type { StreamFreshness } from '../checks/freshness-reader.ts';
import type { IncludeObject } from '../http/table-request.ts';
import { drawTable } from './image-stream-table.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

function moved(tag: string, created: string) {
  const event = { created, dockerImageReference: 'q/a@sha256:1', image: 'sha256:1', generation: 1 };
  return { tag, items: [event] };
}

function stream(change: Partial<ImageStream> = {}): ImageStream {
  return {
    kind: 'ImageStream',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name: 'web', namespace: 'shop', resourceVersion: '7' },
    spec: {},
    status: { dockerImageRepository: '' },
    ...change,
  };
}

function draw(given: ImageStream, includeObject: IncludeObject = 'Metadata') {
  const metadata = { resourceVersion: '9' };
  return drawTable([given], { version: 'v1', includeObject, metadata, columns: true, now: NOW });
}

describe('drawTable', () => {
  it('has the columns of oc get is, and one of ours for those who ask for more', () => {
    const { columnDefinitions } = draw(stream());
    expect(columnDefinitions?.map(({ name, priority }) => `${name} ${priority}`)).toEqual([
      'Name 0',
      'Image Repository 0',
      'Tags 0',
      'Updated 0',
      'Freshness 1',
    ]);
  });

  it('tells the freshness of the worst tag, and nothing where nobody has asked', () => {
    const known: readonly StreamFreshness[] = [
      new Map([
        ['a', { state: 'Fresh' }],
        ['b', { state: 'Blocked', until: NOW + 1 }],
      ]),
    ];
    const request = { version: 'v1', includeObject: 'None', metadata: {}, columns: true } as const;
    const { rows } = drawTable([stream()], { ...request, now: NOW }, known);
    expect(rows[0]?.cells.at(-1)).toBe('Blocked (1 of 2)');
    expect(draw(stream()).rows[0]?.cells.at(-1)).toBe('');
  });

  it('orders tags by their newest move, then by name, with those that never had an image last', () => {
    const tags = [
      { tag: 'failing', items: null },
      moved('old', '2026-11-20T12:00:00Z'),
      moved('b', '2026-11-23T11:57:00Z'),
      moved('a', '2026-11-23T11:57:00Z'),
    ];
    const { rows } = draw(stream({ status: { dockerImageRepository: '', tags } }));
    expect(rows[0]?.cells).toEqual(['web', '', 'a,b,old,failing', '3 minutes ago', '']);
  });

  it('leaves Updated empty when no tag ever had an image', () => {
    const status = { dockerImageRepository: '', tags: [{ tag: 'failing', items: null }] };
    expect(draw(stream({ status })).rows[0]?.cells).toEqual(['web', '', 'failing', '', '']);
  });

  it('prefers the public repository, then the spec, then the internal one', () => {
    const spec = { dockerImageRepository: 'quay.io/acme/web' };
    const internal = { dockerImageRepository: 'registry.local/shop/web' };
    const both = { ...internal, publicDockerImageRepository: 'registry.example.com/shop/web' };
    expect(draw(stream({ spec, status: both })).rows[0]?.cells[1]).toBe(
      'registry.example.com/shop/web',
    );
    expect(draw(stream({ spec, status: internal })).rows[0]?.cells[1]).toBe('quay.io/acme/web');
    expect(draw(stream({ status: internal })).rows[0]?.cells[1]).toBe('registry.local/shop/web');
  });

  it('carries the metadata, the whole object or nothing in each row, as asked', () => {
    expect(draw(stream()).rows[0]?.object).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: 'web', namespace: 'shop' },
    });
    expect(draw(stream(), 'Object').rows[0]?.object).toMatchObject({ kind: 'ImageStream' });
    expect(draw(stream(), 'None').rows[0]).not.toHaveProperty('object');
  });
});
