import { describe, expect, it } from 'vitest';
import { validateLabels } from './validate-labels.ts';

const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

describe('validateLabels', () => {
  it('accepts keys with and without a prefix and values down to the empty one', () => {
    const labels = { app: 'web', 'app.kubernetes.io/part-of': 'shop_1.2', canary: '' };
    expect(validateLabels(labels, 'metadata.labels')).toEqual([]);
  });

  it('accepts an object without labels', () => {
    expect(validateLabels(undefined, 'metadata.labels')).toEqual([]);
  });

  it('names the key or the value that is wrong', () => {
    expect(validateLabels({ app: 'a b' }, 'metadata.labels')).toEqual([
      {
        reason: 'FieldValueInvalid',
        field: 'metadata.labels',
        message: `Invalid value: "a b": ${VALUE_RULE}`,
      },
    ]);
    const [cause] = validateLabels({ '/app': 'web' }, 'metadata.labels');
    expect(cause?.message).toBe('Invalid value: "/app": prefix part must be non-empty');
  });

  it.each(['-a', 'a-', 'a/b', 'a:b', 'ä', ' ', 'a\n', 'a'.repeat(64)])(
    'refuses the value %j',
    (value) => {
      expect(validateLabels({ app: value }, 'metadata.labels')).not.toEqual([]);
    },
  );
});
