/** What one field of a control request must be. */
export interface FieldRule {
  readonly expects: string;
  readonly accepts: (value: unknown) => boolean;
}

/** The rules that control requests are written with. */
export const FIELD = {
  text: { expects: 'a string', accepts: isText },
  texts: listOf({ expects: 'strings', accepts: isText }),
  textByName: {
    expects: 'an object of strings',
    accepts: (value) => isObject(value) && Object.values(value).every(isText),
  },
  textOrNullByName: {
    expects: 'an object of strings or null',
    accepts: (value) =>
      isObject(value) && Object.values(value).every((field) => field === null || isText(field)),
  },
  statusByStatus: {
    expects: 'an object of statuses by the status they replace',
    accepts: (value) =>
      isObject(value) && Object.values(value).every(wholeNumber(200, 599).accepts),
  },
  nothing: { expects: 'null', accepts: (value) => value === null },
  yes: { expects: 'true', accepts: (value) => value === true },
  flag: { expects: 'true or false', accepts: (value) => typeof value === 'boolean' },
  count: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  /** A list of more would take a gigabyte. */
  manyNames: wholeNumber(1, 10_000_000),
  ordinal: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  /** Node cannot send 1xx as a final status, and has no words for 6xx. */
  status: wholeNumber(200, 599),
  positive: {
    expects: 'a number above 0',
    accepts: (value) => typeof value === 'number' && value > 0,
  },
  share: {
    expects: 'a number from 0 to 1',
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
  /** Looked at by a decoder of its own. */
  nested: { expects: 'an object', accepts: isObject },
} as const satisfies Readonly<Record<string, FieldRule>>;

export function oneOf(values: readonly string[]): FieldRule {
  return {
    expects: values.join(' | '),
    accepts: (value) => isText(value) && values.includes(value),
  };
}

export function listOf(rule: FieldRule): FieldRule {
  return {
    expects: `a list of ${rule.expects}`,
    accepts: (value) => Array.isArray(value) && value.every(rule.accepts),
  };
}

export function either(first: FieldRule, second: FieldRule): FieldRule {
  return {
    expects: `${first.expects} or ${second.expects}`,
    accepts: (value) => first.accepts(value) || second.accepts(value),
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function wholeNumber(from: number, to: number): FieldRule {
  const upTo = to === Number.MAX_SAFE_INTEGER ? 'up' : `to ${to}`;
  return {
    expects: `a whole number from ${from} ${upTo}`,
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= from && Number(value) <= to,
  };
}
