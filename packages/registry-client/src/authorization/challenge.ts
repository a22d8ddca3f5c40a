/** One way to authenticate that a server offers in `WWW-Authenticate`. */
export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  /** Names in lower case; the first of a repeated name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Longest header read; real ones stay below 1 KiB. */
const HEADER_LENGTH = 8 * 1024;
const CHALLENGES = 16;
const PARAMETERS = 16;

const END = '';

/**
 * Reads every challenge of every `WWW-Authenticate` header (RFC 9110 §11.6.1). What is malformed ends its header;
 * the challenges before it count.
 */
export function parseChallenges(header: string | readonly string[] | undefined): Challenge[] {
  const headers = header === undefined ? [] : [header].flat();
  return headers
    .flatMap((text) => readHeader(new Cursor(text.slice(0, HEADER_LENGTH))))
    .slice(0, CHALLENGES);
}

/**
 *   ┌▶ scheme ──▶ first ──name──▶ "=" ──▶ value ──▶ separator ──name, "="──▶ value
 *   │               └──token68 or nothing──────────────▲  └─ no "=" ─┐
 *   └────────────────────────────────────────────────────────────────┘
 *
 * After a comma, a name followed by `=` goes on with the challenge; a name without is the next scheme.
 */
function readHeader(cursor: Cursor): Challenge[] {
  const challenges: Challenge[] = [];
  cursor.skipSeparators();
  for (let scheme = cursor.token(); scheme !== ''; scheme = cursor.token()) {
    const parameters = new Map<string, string>();
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
    if (challenges.length === CHALLENGES || !readParameters(cursor, parameters)) break;
  }
  return challenges;
}

/** False when the header is malformed from here on. */
function readParameters(cursor: Cursor, parameters: Map<string, string>): boolean {
  cursor.skipBlanks();
  if (cursor.skipToken68()) return cursor.skipSeparators();
  while (cursor.peek() !== END) {
    const start = cursor.position;
    const name = cursor.token();
    if (name === '' || !cursor.skipEquals()) {
      cursor.position = start;
      return name !== '';
    }
    const value = cursor.value();
    if (value === undefined || parameters.size === PARAMETERS) return false;
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
    if (!cursor.skipSeparators()) return false;
  }
  return true;
}

/** Moves over the characters of one header, never backwards but by {@link Cursor.position}. */
class Cursor {
  position = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): string {
    return this.#text.charAt(this.position);
  }

  /** RFC 9110 `token`; empty when there is none. */
  token(): string {
    return this.#take(isTokenCharacter);
  }

  /** A token or a quoted string; undefined when there is neither. */
  value(): string | undefined {
    if (this.peek() === '"') return this.#quoted();
    const value = this.#take(isBareCharacter);
    return value === '' ? undefined : value;
  }

  skipBlanks(): void {
    this.#take(isBlank);
  }

  skipEquals(): boolean {
    this.skipBlanks();
    if (this.peek() !== '=') return false;
    this.position += 1;
    this.skipBlanks();
    return true;
  }

  /** Commas and blanks; false when something else stands here. */
  skipSeparators(): boolean {
    const skipped = this.#take((character) => character === ',' || isBlank(character));
    return this.peek() === END || skipped.includes(',');
  }

  /** RFC 9110 `token68`, such as Negotiate sends: nothing but a separator may follow it. */
  skipToken68(): boolean {
    const start = this.position;
    this.#take((character) => isTokenCharacter(character) || character === '/');
    this.#take((character) => character === '=');
    this.skipBlanks();
    const complete = this.peek() === ',' || this.peek() === END;
    if (!complete) this.position = start;
    return complete;
  }

  #quoted(): string | undefined {
    let value = '';
    for (let index = this.position + 1; index < this.#text.length; index += 1) {
      let character = this.#text.charAt(index);
      if (character === '"') {
        this.position = index + 1;
        return value;
      }
      if (character === '\\') {
        index += 1;
        character = this.#text.charAt(index);
      }
      value += character;
    }
    return undefined;
  }

  #take(accepts: (character: string) => boolean): string {
    const start = this.position;
    while (this.peek() !== END && accepts(this.peek())) this.position += 1;
    return this.#text.slice(start, this.position);
  }
}

const TOKEN_MARKS = "!#$%&'*+-.^_`|~";

function isTokenCharacter(character: string): boolean {
  return isAlphanumeric(character) || TOKEN_MARKS.includes(character);
}

/** Unquoted values in the wild hold URLs and scopes, which no token may. */
function isBareCharacter(character: string): boolean {
  return isTokenCharacter(character) || ':/?@=;()[]'.includes(character);
}

function isAlphanumeric(character: string): boolean {
  return (
    (character >= '0' && character <= '9') ||
    (character >= 'A' && character <= 'Z') ||
    (character >= 'a' && character <= 'z')
  );
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}
