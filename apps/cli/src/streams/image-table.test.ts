import type { ImageStreamImage, ImageStreamTag } from '@tagtrail/api-client';
import { describe, expect, it } from 'vitest';
import { tableLines } from '../terminal/table.ts';
import { imageColumns, streamImageColumns, streamTagColumns } from './image-table.ts';

const now = Date.parse('2026-11-23T06:00:00Z');
const apiVersion = 'image.openshift.io/v1';
const creationTimestamp = '2026-11-23T05:58:00Z';
const image = { metadata: { name: 'sha256:1' }, dockerImageReference: 'quay.io/a/b@sha256:1' };
const tags: readonly ImageStreamTag[] = [
  {
    kind: 'ImageStreamTag',
    apiVersion,
    metadata: { name: 'web:1', namespace: 'demo', creationTimestamp },
    image,
  },
  { kind: 'ImageStreamTag', apiVersion, metadata: { name: 'web:new' }, image: null },
];

/** The cells of a table's lines. */
function cells(lines: readonly string[]): readonly (readonly string[])[] {
  return lines.map((line) => line.split(/ {2,}/u));
}

describe('the table of image stream tags', () => {
  it('has the columns of oc', () => {
    const columns = streamTagColumns({ wide: false, withNamespace: false, now });
    expect(cells(tableLines(columns, tags))).toEqual([
      ['NAME', 'IMAGE REFERENCE', 'UPDATED'],
      ['web:1', 'quay.io/a/b@sha256:1', '2 minutes ago'],
      ['web:new'],
    ]);
  });

  it('names the image when wide', () => {
    const columns = streamTagColumns({ wide: true, withNamespace: true, now });
    expect(cells(tableLines(columns, tags.slice(0, 1)))).toEqual([
      ['NAMESPACE', 'NAME', 'IMAGE REFERENCE', 'UPDATED', 'IMAGE NAME'],
      ['demo', 'web:1', 'quay.io/a/b@sha256:1', '2 minutes ago', 'sha256:1'],
    ]);
  });
});

describe('the tables of images', () => {
  const streamImage: ImageStreamImage = {
    kind: 'ImageStreamImage',
    apiVersion,
    metadata: { name: 'web@sha256:1', creationTimestamp },
    image,
  };

  it('have the columns of oc', () => {
    expect(cells(tableLines(streamImageColumns({ wide: false, now }), [streamImage]))).toEqual([
      ['NAME', 'UPDATED'],
      ['web@sha256:1', '2 minutes ago'],
    ]);
    expect(cells(tableLines(streamImageColumns({ wide: true, now }), [streamImage]))).toEqual([
      ['NAME', 'UPDATED', 'IMAGE REFERENCE', 'IMAGE NAME'],
      ['web@sha256:1', '2 minutes ago', 'quay.io/a/b@sha256:1', 'sha256:1'],
    ]);
    expect(cells(tableLines(imageColumns, [image]))).toEqual([
      ['NAME', 'IMAGE REFERENCE'],
      ['sha256:1', 'quay.io/a/b@sha256:1'],
    ]);
  });
});
