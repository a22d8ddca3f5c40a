import {
  isBoolean,
  isCount,
  isFields,
  isFieldsList,
  isString,
  isStringMap,
  isStrings,
} from './json-guards.ts';
import type { JsonShape } from './json-shape.ts';
import type { ProblemLog } from './problem-log.ts';

/** What an object is read with: where it stands, and where its problems go. */
export interface JsonPlace {
  readonly parent: JsonObject;
  readonly key: string;
  readonly index: number | undefined;
}

/** Two ways to the same value. */
export interface Reading<T extends object> {
  readonly shape: JsonShape<T>;
  readonly read: (body: JsonObject) => T | undefined;
}

/**
 * Typed reading of one parsed JSON object. A getter answers undefined when the field is absent or
 * null, and after reporting it when the type is wrong; so a document that left no problem behind
 * was read as it is. Only own properties count.
 */
export class JsonObject {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #problems: ProblemLog;
  readonly #place: JsonPlace | undefined;

  constructor(fields: Readonly<Record<string, unknown>>, problems: ProblemLog, place?: JsonPlace) {
    this.#fields = fields;
    this.#problems = problems;
    this.#place = place;
  }

  get path(): string {
    if (this.#place === undefined) return '';
    const { parent, key, index } = this.#place;
    const path = parent.path === '' ? key : `${parent.path}.${key}`;
    return index === undefined ? path : `${path}[${index}]`;
  }

  report(key: string, problem: string): void {
    this.#problems.report(this.#pathOf(key), problem);
  }

  has(key: string): boolean {
    return (this.#read(key) ?? null) !== null;
  }

  require(...keys: readonly string[]): void {
    for (const key of keys) {
      if (!this.has(key)) this.report(key, 'is missing');
    }
  }

  /**
   * Reports keys that differ from a known one in case only: Go reads them as the known one, we
   * would not, and the same bytes must not mean two things (class of CVE-2021-41190).
   */
  refuseCaseVariants(known: KnownKeys): void {
    for (const key of Object.keys(this.#fields)) {
      if (!known.exact.has(key) && known.folded.has(foldCase(key))) {
        this.report(key, 'differs from a known field only in upper and lower case');
      }
    }
  }

  string(key: string): string | undefined {
    return this.#typed(key, isString, 'a string');
  }

  boolean(key: string): boolean | undefined {
    return this.#typed(key, isBoolean, 'true or false');
  }

  /** A count: not negative, and exact as a number. */
  count(key: string): number | undefined {
    return this.#typed(key, isCount, 'a whole number from 0');
  }

  strings(key: string): readonly string[] | undefined {
    return this.#typed(key, isStrings, 'a list of strings');
  }

  stringMap(key: string): Readonly<Record<string, string>> | undefined {
    return this.#typed(key, isStringMap, 'an object of strings');
  }

  /** The keys of an object whose values don't count. */
  keySet(key: string): Readonly<Record<string, Readonly<Record<string, never>>>> | undefined {
    const fields = this.#typed(key, isFields, 'an object');
    return fields && Object.fromEntries(Object.keys(fields).map((name) => [name, {}]));
  }

  /**
   * The value of an object field, as it was parsed where that is its `shape`, else as `read` reads it. Most documents
   * consist of such objects, and then nothing is copied.
   */
  shaped<T extends object>(key: string, { shape, read }: Reading<T>): T | undefined {
    const fields = this.#typed(key, isFields, 'an object');
    if (fields === undefined) return undefined;
    return shape.fits(fields) ? fields : read(this.#child(fields, key, undefined));
  }

  /** The same of a list of objects. Go writes an empty list as null, so null is one; what `read` refuses is left out. */
  shapedList<T extends object>(
    key: string,
    limit: number,
    { shape, read }: Reading<T>,
  ): readonly T[] | undefined {
    if (this.#read(key) === null) return [];
    const list = this.#typed(key, isFieldsList, 'a list of objects');
    if (list === undefined) return undefined;
    if (list.length > limit) {
      this.report(key, `has more than ${limit} entries`);
      return undefined;
    }
    const values: T[] = [];
    for (const [index, fields] of list.entries()) {
      const value = shape.fits(fields) ? fields : read(this.#child(fields, key, index));
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  #typed<T>(key: string, guard: (value: unknown) => value is T, expected: string): T | undefined {
    const value = this.#read(key) ?? undefined;
    if (value === undefined || guard(value)) return value;
    this.report(key, `is not ${expected}`);
    return undefined;
  }

  #read(key: string): unknown {
    return Object.hasOwn(this.#fields, key) ? this.#fields[key] : undefined;
  }

  #child(
    fields: Readonly<Record<string, unknown>>,
    key: string,
    index: number | undefined,
  ): JsonObject {
    return new JsonObject(fields, this.#problems, { parent: this, key, index });
  }

  #pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }
}

/** Field names of one kind of object, as written and folded. */
export interface KnownKeys {
  readonly exact: ReadonlySet<string>;
  readonly folded: ReadonlySet<string>;
}

export function knownKeys(...keys: readonly string[]): KnownKeys {
  return { exact: new Set(keys), folded: new Set(keys.map(foldCase)) };
}

/** Through upper case, as Go folds: `ſ` and the Kelvin sign become `s` and `k`. */
function foldCase(key: string): string {
  return key.toUpperCase().toLowerCase();
}
