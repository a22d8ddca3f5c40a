import { describe, expect, it } from 'vitest';
import { objectMember } from '../json-object.ts';
import {
  definitionOf,
  LAST_APPLIED_ANNOTATION,
  readLastApplied,
  withLastApplied,
} from './last-applied.ts';

const file = {
  kind: 'ImageStream',
  metadata: {
    name: 'web',
    uid: 'u',
    resourceVersion: '7',
    generation: 3,
    creationTimestamp: '2026-11-23T05:27:57Z',
    annotations: { note: 'x', [LAST_APPLIED_ANNOTATION]: 'old' },
  },
  spec: { tags: [] },
  status: { dockerImageRepository: '' },
};

describe('last-applied annotation', () => {
  it('holds the definition without what the server owns', () => {
    expect(definitionOf(file, 'demo')).toEqual({
      kind: 'ImageStream',
      metadata: { name: 'web', namespace: 'demo', annotations: { note: 'x' } },
      spec: { tags: [] },
    });
  });

  it('is read back as it was written', () => {
    const definition = definitionOf(file, 'demo');
    const applied = withLastApplied(definition);
    expect(readLastApplied(applied)).toEqual(definition);
    expect(objectMember(objectMember(applied, 'metadata'), 'annotations')['note']).toBe('x');
  });

  it.each([undefined, 'not json', '1'])('is nothing when it is %j', (text) => {
    const annotations = text === undefined ? {} : { [LAST_APPLIED_ANNOTATION]: text };
    expect(readLastApplied({ metadata: { annotations } })).toBeUndefined();
  });
});
