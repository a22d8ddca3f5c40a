import type { ByteRange } from '@tagtrail/blob-store';

/** What of a blob is sent: all of it, a part, or nothing because it has no such part. */
export type WantedRange = { readonly kind: 'whole' } | { readonly kind: 'none' } | PartialRange;

export interface PartialRange {
  readonly kind: 'part';
  readonly range: ByteRange;
}

const WHOLE: WantedRange = { kind: 'whole' };
const NONE: WantedRange = { kind: 'none' };
/** Characters of the header; nobody writes a single range longer, whatever the size of its blob. */
const HEADER_LENGTH = 128;

export interface RangeHeaders {
  readonly range?: string | undefined;
  /** With it, the range counts only if it names this very content. */
  readonly ifRange?: string | undefined;
}

/**
 * Reads `Range` for content of `size` bytes whose entity tag is `etag`. Whoever asks for several parts, or in another
 * unit, gets the whole, as the standard allows. Source: RFC 9110 §14.2.
 */
export function parseRange(
  { range, ifRange }: RangeHeaders,
  size: number,
  etag: string,
): WantedRange {
  if (range === undefined) return WHOLE;
  if (ifRange !== undefined && ifRange.trim() !== etag) return WHOLE;
  if (range.length > HEADER_LENGTH) return WHOLE;
  const match = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/.exec(range);
  if (match === null) return WHOLE;
  const [, first = '', last = ''] = match;
  if (first === '') return last === '' ? WHOLE : suffix(Number(last), size);
  return between(Number(first), last === '' ? size - 1 : Number(last), size);
}

function suffix(length: number, size: number): WantedRange {
  if (length === 0 || size === 0) return NONE;
  return { kind: 'part', range: { start: Math.max(0, size - length), end: size - 1 } };
}

function between(start: number, end: number, size: number): WantedRange {
  if (start >= size || end < start) return NONE;
  return { kind: 'part', range: { start, end: Math.min(end, size - 1) } };
}
