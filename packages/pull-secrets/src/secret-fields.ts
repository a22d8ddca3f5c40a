import { type FieldCause, fieldInvalid, type ObjectMeta } from '@tagtrail/apimachinery';
import { encodeBase64, isBase64 } from './base64.ts';

/** What messages show of a value. Source: Kubernetes, validation of secrets. */
export const REDACTED = '<secret contents redacted>';

type Fields = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

/** Reads the fields of a Secret out of unknown JSON and notes what is wrong, never with what stands there. */
export class SecretFields {
  readonly causes: FieldCause[] = [];

  object(value: unknown, field: string): Fields {
    if (value === undefined || value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
    this.refuse(field, 'must be an object');
    return {};
  }

  text(value: unknown, field: string): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    this.refuse(field, 'must be a string');
    return undefined;
  }

  flag(value: unknown, field: string): boolean | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'boolean') return value;
    this.refuse(field, 'must be true or false');
    return undefined;
  }

  texts(value: unknown, field: string): Texts | undefined {
    if (value === undefined || value === null) return undefined;
    return this.#eachText(value, field, (text) => text);
  }

  metadata(value: unknown): ObjectMeta {
    const meta = this.object(value, 'metadata');
    const text = (key: string) => this.text(meta[key], `metadata.${key}`);
    return {
      name: text('name') ?? '',
      ...present({
        namespace: text('namespace'),
        uid: text('uid'),
        resourceVersion: text('resourceVersion'),
        labels: this.texts(meta['labels'], 'metadata.labels'),
        annotations: this.texts(meta['annotations'], 'metadata.annotations'),
      }),
    };
  }

  /** `data`, with what stands in clear in `stringData` written over it. Source: Kubernetes, `Secret.stringData`. */
  data(top: Fields): Texts {
    // Go's decoder of base64 passes over line breaks, and so do files that people made.
    const unbroken = (text: string) => text.replaceAll(/[\r\n]/g, '');
    const data = this.#eachText(top['data'], 'data', (text, field) => {
      const digits = unbroken(text);
      if (!isBase64(digits)) this.refuse(field, 'must be base64; stringData takes text in clear');
      return digits;
    });
    return { ...data, ...this.#eachText(top['stringData'], 'stringData', encodeBase64) };
  }

  refuse(field: string, detail: string): void {
    this.causes.push(fieldInvalid(field, REDACTED, detail));
  }

  #eachText(value: unknown, field: string, read: (text: string, field: string) => string): Texts {
    const entries = Object.entries(this.object(value, field)).flatMap(([key, entry]) => {
      const place = `${field}[${key}]`;
      const text = this.text(entry, place);
      return text === undefined ? [] : [[key, read(text, place)] as const];
    });
    return Object.fromEntries(entries);
  }
}

/** Leaves out what is undefined: absent and undefined are different under exact optional types. */
export function present<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
