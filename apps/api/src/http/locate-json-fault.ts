/** Where a text stops being JSON; `line` and `column` count from 1. */
export interface JsonFault {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** One JSON token after optional white space (RFC 8259 §2–§7). */
const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\x7f|[\x80-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/uy;

type Expected =
  | 'value'
  | 'value-or-]'
  | 'key'
  | 'key-or-}'
  | 'colon'
  | 'comma-or-]'
  | 'comma-or-}'
  | 'end';

type Sign = 'scalar' | 'string' | '{' | '}' | '[' | ']' | ',' | ':';

/** What may come next, by what was expected and what came; absent = a fault. `close` looks at what encloses. */
const GRAMMAR: Readonly<
  Record<Expected, Partial<Record<Sign, Expected | 'close' | 'open-array' | 'open-object'>>>
> = {
  value: { scalar: 'close', string: 'close', '{': 'open-object', '[': 'open-array' },
  'value-or-]': {
    scalar: 'close',
    string: 'close',
    '{': 'open-object',
    '[': 'open-array',
    ']': 'close',
  },
  key: { string: 'colon' },
  'key-or-}': { string: 'colon', '}': 'close' },
  colon: { ':': 'value' },
  'comma-or-]': { ',': 'value', ']': 'close' },
  'comma-or-}': { ',': 'key', '}': 'close' },
  end: {},
};

/**
 * Finds the first place where `text` breaks the JSON grammar, because the engine's own message leaves the place out
 * for short texts. Undefined when the text is valid.
 */
export function locateJsonFault(text: string): JsonFault | undefined {
  const enclosing: Expected[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    const token = nextToken(text, offset);
    const next: ReturnType<typeof step> =
      token === undefined ? undefined : step(expected, token.sign, enclosing);
    if (token === undefined || next === undefined) {
      const stop = skipSpace(text, offset);
      return expected === 'end' && stop === text.length ? undefined : place(text, stop);
    }
    expected = next;
    offset = token.end;
  }
}

function nextToken(text: string, offset: number): { sign: Sign; end: number } | undefined {
  TOKEN.lastIndex = offset;
  const match = TOKEN.exec(text);
  if (match === null) return undefined;
  const sign = (match[1] as Sign | undefined) ?? (match[2] === undefined ? 'scalar' : 'string');
  return { sign, end: TOKEN.lastIndex };
}

function step(expected: Expected, sign: Sign, enclosing: Expected[]): Expected | undefined {
  const next = GRAMMAR[expected][sign];
  if (next === 'open-array') {
    enclosing.push('comma-or-]');
    return 'value-or-]';
  }
  if (next === 'open-object') {
    enclosing.push('comma-or-}');
    return 'key-or-}';
  }
  if (next !== 'close') return next;
  if (sign === ']' || sign === '}') enclosing.pop();
  return enclosing.at(-1) ?? 'end';
}

function skipSpace(text: string, offset: number): number {
  let stop = offset;
  while (stop < text.length && ' \t\n\r'.includes(text.charAt(stop))) stop += 1;
  return stop;
}

function place(text: string, offset: number): JsonFault {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { offset, line, column: offset - before.lastIndexOf('\n') };
}
