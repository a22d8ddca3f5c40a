import { describe, expect, it } from 'vitest';
import { aStream } from '../../../packages/image-stream/src/testing/a-stream.ts';
import { isEdit } from './is-edit.ts';

const before = aStream({});

describe('isEdit', () => {
  it('is true of a creation and a deletion', () => {
    expect([
      isEdit({ before: undefined, after: before }),
      isEdit({ before, after: undefined }),
    ]).toEqual([true, true]);
  });

  it('is true of another spec or other annotations', () => {
    const spec = { ...before.spec, tags: [] };
    const metadata = { ...before.metadata, annotations: { 'tagtrail.dev/suspend': 'true' } };
    expect(isEdit({ before, after: { ...before, spec } })).toBe(true);
    expect(isEdit({ before, after: { ...before, metadata } })).toBe(true);
  });

  it('is false of what an import recorded', () => {
    const status = { ...before.status, dockerImageRepository: 'registry.example/ns/app' };
    const metadata = { ...before.metadata, resourceVersion: '99' };
    expect(isEdit({ before, after: { ...before, metadata, status } })).toBe(false);
  });
});
