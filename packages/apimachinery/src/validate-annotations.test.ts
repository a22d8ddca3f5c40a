import { describe, expect, it } from 'vitest';
import { ANNOTATIONS_LIMIT_BYTES, validateAnnotations } from './validate-annotations.ts';

describe('validateAnnotations', () => {
  it('accepts any text as a value, and upper case in the prefix of a key', () => {
    const annotations = { 'Example.COM/note': 'several\nlines, "quotes" and ü', empty: '' };
    expect(validateAnnotations(annotations, 'metadata.annotations')).toEqual([]);
    expect(validateAnnotations(undefined, 'metadata.annotations')).toEqual([]);
  });

  it('names a key outside the grammar as it was written', () => {
    const [cause] = validateAnnotations({ 'A/B/c': 'x' }, 'metadata.annotations');
    expect(cause?.reason).toBe('FieldValueInvalid');
    expect(cause?.message).toMatch(/^Invalid value: "A\/B\/c": a qualified name must/);
  });

  it('counts the bytes of all keys and values together', () => {
    const half = ANNOTATIONS_LIMIT_BYTES / 2 - 1;
    const full = { a: 'x'.repeat(half), b: 'é'.repeat(half / 2) + 'x'.repeat(half % 2) };
    expect(validateAnnotations(full, 'metadata.annotations')).toEqual([]);
    expect(validateAnnotations({ ...full, c: '' }, 'metadata.annotations')).toEqual([
      {
        reason: 'FieldValueTooLong',
        field: 'metadata.annotations',
        message: 'Too long: may not be more than 262144 bytes',
      },
    ]);
  });
});
