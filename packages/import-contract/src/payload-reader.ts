import { type Digest, isDigest } from '@tagtrail/image-reference';

/** What was decoded of a payload, or what is wrong with it. */
export type Decoded<Name extends string, Value> =
  | ({ readonly ok: true } & { readonly [key in Name]: Value })
  | { readonly ok: false; readonly message: string };

/** A digest of the right form, answered where none could be read; never leaves a decoder that found a problem. */
const STAND_IN_DIGEST: Digest = `sha256:${'0'.repeat(64)}`;

/**
 * Reads fields of an object somebody else encoded. A field that is wrong is noted and answered with a stand-in, so
 * that a decoder reads on in one straight line and looks at `problem` once, at its end. Notes name fields, never values.
 */
export class PayloadReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #problems: string[];

  constructor(value: unknown, path = '', problems: string[] = []) {
    this.#path = path;
    this.#problems = problems;
    this.#fields = isObject(value) ? value : {};
    if (!isObject(value)) {
      problems.push(`${path === '' ? 'the payload' : path} must be an object`);
    }
  }

  /** The first thing found wrong here or in a part. */
  get problem(): string | undefined {
    return this.#problems[0];
  }

  has(name: string): boolean {
    return this.#read(name) !== undefined;
  }

  part(name: string): PayloadReader {
    return new PayloadReader(this.#read(name), this.#name(name), this.#problems);
  }

  /** A text of 1 to `limit` UTF-16 units; from 0 where `empty` allows it. */
  text(name: string, limit: number, empty: 'empty' | 'filled' = 'filled'): string {
    const value = this.#read(name);
    const least = empty === 'empty' ? 0 : 1;
    if (typeof value === 'string' && value.length >= least && value.length <= limit) {
      return value;
    }
    return this.#wrong(name, `a text of ${least} to ${limit} characters`, '');
  }

  /** A text that `isValid`; `wanted` says of what kind. */
  matching(name: string, isValid: (text: string) => boolean, wanted: string): string {
    const value = this.#read(name);
    return typeof value === 'string' && isValid(value) ? value : this.#wrong(name, wanted, '');
  }

  /** At most `limit` texts, each of which `isValid`; `wanted` says of what kind. */
  texts(
    name: string,
    limit: number,
    { isValid, wanted }: { readonly isValid: (text: string) => boolean; readonly wanted: string },
  ): readonly string[] {
    const value = this.#read(name);
    const isOne = (entry: unknown) => typeof entry === 'string' && isValid(entry);
    return Array.isArray(value) && value.length <= limit && value.every(isOne)
      ? value
      : this.#wrong(name, `a list of at most ${limit} ${wanted}`, []);
  }

  digest(name: string): Digest {
    const value = this.#read(name);
    return typeof value === 'string' && isDigest(value)
      ? value
      : this.#wrong(name, 'a digest', STAND_IN_DIGEST);
  }

  /** A whole number that JavaScript holds exactly. */
  count(name: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.#read(name);
    if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) {
      return Number(value);
    }
    const bound = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`;
    return this.#wrong(name, `a whole number of at least ${least}${bound}`, least);
  }

  flag(name: string): boolean {
    const value = this.#read(name);
    return typeof value === 'boolean' ? value : this.#wrong(name, 'true or false', false);
  }

  /** One of the keys of `choices`, a table so that the compiler notices a missing choice. */
  oneOf<Choice extends string>(
    name: string,
    choices: Readonly<Record<Choice, true>>,
    standIn: NoInfer<Choice>,
  ): Choice {
    const value = this.#read(name);
    return isKeyOf(choices, value)
      ? value
      : this.#wrong(name, `one of ${Object.keys(choices).join(', ')}`, standIn);
  }

  version(known: number): void {
    if (this.#read('version') !== known) {
      this.#problems.unshift(`version must be ${known}`);
    }
  }

  #read(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  #wrong<StandIn>(name: string, wanted: string, standIn: StandIn): StandIn {
    this.#problems.push(`${this.#name(name)} must be ${wanted}`);
    return standIn;
  }

  #name(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKeyOf<Key extends string>(
  table: Readonly<Record<Key, true>>,
  value: unknown,
): value is Key {
  return typeof value === 'string' && Object.hasOwn(table, value);
}
