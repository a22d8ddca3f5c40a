import type { TagReference } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { aStream, aTag } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import { followTagReference } from './follow-tag-reference.ts';

function alias(name: string, to: string, namespace?: string): TagReference {
  const from = { kind: 'ImageStreamTag', name: to, ...(namespace !== undefined && { namespace }) };
  return aTag({ name, from });
}

/** `three` is an image's tag; the others lead somewhere. The stream is acme/app. */
const stream = aStream({
  tags: [
    aTag({ name: 'three' }),
    aTag({ name: 'pushed', from: null }),
    aTag({ name: 'latest' }),
    alias('short', 'three'),
    alias('long', 'app:three', 'acme'),
    alias('far', 'short'),
    alias('bare', 'app:'),
    alias('itself', 'app:itself'),
    alias('one', 'other'),
    alias('other', 'one'),
    alias('gone', 'four'),
    alias('stranger', 'web:three'),
    alias('odd', 'app:a:b'),
    alias('empty', ''),
    alias('foreigner', 'app:three', 'demo'),
  ],
});

describe('followTagReference', () => {
  it.each([
    ['three', 'three', false],
    ['pushed', 'pushed', false],
    ['short', 'three', true],
    ['long', 'three', true],
    ['far', 'three', true],
    ['bare', 'latest', true],
  ])('leads from %s to %s', (from, tag, followed) => {
    expect(followTagReference(stream, from)).toMatchObject({ ok: true, tag, followed });
  });

  it.each([
    ['itself', 'circular', 'itself'],
    ['one', 'circular', 'one'],
    ['gone', 'not-found', 'four'],
    ['absent', 'not-found', 'absent'],
    ['odd', 'invalid', 'odd'],
    ['empty', 'invalid', 'empty'],
    ['stranger', 'cross-stream', 'stranger'],
    ['foreigner', 'cross-stream', 'foreigner'],
  ])('ends from %s as %s, at %s', (from, reason, tag) => {
    expect(followTagReference(stream, from)).toEqual({ ok: false, reason, tag });
  });
});
