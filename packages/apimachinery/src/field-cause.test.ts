import { describe, expect, it } from 'vitest';
import {
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldNotFound,
  fieldNotSupported,
  fieldRequired,
  fieldTooLong,
} from './field-cause.ts';

describe('field causes', () => {
  it.each([
    [fieldRequired('f'), 'FieldValueRequired', 'Required value'],
    [fieldRequired('f', 'a name'), 'FieldValueRequired', 'Required value: a name'],
    [fieldInvalid('f', 'x', 'no'), 'FieldValueInvalid', 'Invalid value: "x": no'],
    [fieldInvalid('f', -1, 'no'), 'FieldValueInvalid', 'Invalid value: -1: no'],
    [fieldInvalid('f', undefined, 'no'), 'FieldValueInvalid', 'Invalid value: null: no'],
    [fieldDuplicate('f', 'x'), 'FieldValueDuplicate', 'Duplicate value: "x"'],
    [
      fieldNotSupported('f', 'x', ['a', 'b']),
      'FieldValueNotSupported',
      'Unsupported value: "x": supported values: "a", "b"',
    ],
    [fieldForbidden('f', 'no'), 'FieldValueForbidden', 'Forbidden: no'],
    [fieldTooLong('f', 63), 'FieldValueTooLong', 'Too long: may not be more than 63 bytes'],
    [fieldNotFound('f', 'x'), 'FieldValueNotFound', 'Not found: "x"'],
  ])('%o is a %s', (cause, reason, message) => {
    expect(cause).toEqual({ reason, field: 'f', message });
  });

  it('repeats a large value only in part', () => {
    expect(fieldInvalid('f', 'x'.repeat(1_000_000), 'no').message.length).toBeLessThan(1100);
  });
});
