/** What each field of a value is, where it is there. */
export type FieldGuards<T extends object> = {
  readonly [K in keyof T]-?: (value: unknown) => value is Exclude<T[K], undefined>;
};

interface Field {
  readonly guard: (value: unknown) => boolean;
  readonly isRequired: boolean;
}

/**
 * What a parsed object is when it needs no reading: it has the fields of `T`, of the right types, and no others, not even
 * null ones. Then it is the value already.
 */
export class JsonShape<T extends object> {
  readonly #fields: ReadonlyMap<string, Field>;
  readonly #required: number;

  constructor(guards: FieldGuards<T>, required: readonly (keyof T & string)[] = []) {
    const named = Object.entries<Field['guard']>(guards);
    this.#fields = new Map(
      named.map(([name, guard]) => [
        name,
        { guard, isRequired: required.some((one) => one === name) },
      ]),
    );
    this.#required = required.length;
  }

  fits(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & T {
    let required = 0;
    for (const name in value) {
      const field = this.#fields.get(name);
      if (field === undefined || !field.guard(value[name])) return false;
      if (field.isRequired) required += 1;
    }
    return required === this.#required;
  }
}
