import { describe, expect, it } from 'vitest';
import { parseRange } from './byte-range.ts';

const ETAG = '"sha256:x"';
const part = (start: number, end: number) => ({ kind: 'part', range: { start, end } });

describe('a range of 2048 bytes', () => {
  it.each([
    ['bytes=500-1499', part(500, 1499)],
    ['bytes=500-', part(500, 2047)],
    ['bytes=-500', part(1548, 2047)],
    ['bytes=2000-5000', part(2000, 2047)],
    ['bytes=-5000', part(0, 2047)],
    ['bytes=0-0', part(0, 0)],
    ['bytes=500-0', { kind: 'none' }],
    ['bytes=5000-10000', { kind: 'none' }],
    ['bytes=2048-', { kind: 'none' }],
    ['bytes=-0', { kind: 'none' }],
    [`bytes=${'9'.repeat(40)}-`, { kind: 'none' }],
    [`bytes=0-${'9'.repeat(40)}`, part(0, 2047)],
    [`bytes=-${'9'.repeat(40)}`, part(0, 2047)],
    [`bytes=0-1${' '.repeat(128)},4-5`, { kind: 'whole' }],
    ['bytes=0-1,4-5', { kind: 'whole' }],
    ['bytes=-', { kind: 'whole' }],
    ['bytes=a-b', { kind: 'whole' }],
    ['items=0-1', { kind: 'whole' }],
    [undefined, { kind: 'whole' }],
  ])('%s', (range, wanted) => {
    expect(parseRange({ range }, 2048, ETAG)).toEqual(wanted);
  });

  it('counts only while the content is what the client has seen', () => {
    const range = 'bytes=0-9';
    expect(parseRange({ range, ifRange: ETAG }, 2048, ETAG)).toEqual(part(0, 9));
    expect(parseRange({ range, ifRange: '"sha256:y"' }, 2048, ETAG)).toEqual({ kind: 'whole' });
    expect(parseRange({ range, ifRange: `W/${ETAG}` }, 2048, ETAG)).toEqual({ kind: 'whole' });
    const date = 'Sat, 29 Oct 1994 19:43:31 GMT';
    expect(parseRange({ range, ifRange: date }, 2048, ETAG)).toEqual({ kind: 'whole' });
  });

  it('of nothing is none', () => {
    expect(parseRange({ range: 'bytes=0-' }, 0, ETAG)).toEqual({ kind: 'none' });
    expect(parseRange({ range: 'bytes=-1' }, 0, ETAG)).toEqual({ kind: 'none' });
    expect(parseRange({}, 0, ETAG)).toEqual({ kind: 'whole' });
  });
});
