import { type FieldCause, fieldInvalid } from '@tagtrail/apimachinery';

/** Reads typed fields out of unknown JSON and notes what is wrong, each with its path. */
export class FieldReader {
  readonly causes: FieldCause[] = [];

  object(value: unknown, field: string): Readonly<Record<string, unknown>> {
    if (value === undefined || value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
    this.#wrong(field, value, 'an object');
    return {};
  }

  list(value: unknown, field: string): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    this.#wrong(field, value, 'a list');
    return [];
  }

  text(value: unknown, field: string): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    this.#wrong(field, value, 'a string');
    return undefined;
  }

  flag(value: unknown, field: string): boolean | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'boolean') return value;
    this.#wrong(field, value, 'true or false');
    return undefined;
  }

  integer(value: unknown, field: string): number | undefined {
    if (value === undefined || value === null) return undefined;
    if (Number.isSafeInteger(value)) return value as number;
    this.#wrong(field, value, 'a whole number');
    return undefined;
  }

  texts(value: unknown, field: string): Readonly<Record<string, string>> | undefined {
    if (value === undefined || value === null) return undefined;
    const entries = Object.entries(this.object(value, field)).flatMap(([key, entry]) => {
      const text = this.text(entry, `${field}[${key}]`);
      return text === undefined ? [] : [[key, text] as const];
    });
    return Object.fromEntries(entries);
  }

  refuse(field: string, value: unknown, detail: string): void {
    this.causes.push(fieldInvalid(field, value, detail));
  }

  #wrong(field: string, value: unknown, wanted: string): void {
    this.refuse(field, value, `must be ${wanted}`);
  }
}
