/** The fields that are there; those that are undefined may be missing. */
export type Present<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** Drops undefined fields, so that an absent field of the document stays absent in the value. */
export function omitAbsent<T extends object>(fields: T): Present<T> {
  // A loop: entries, filter and fromEntries cost three times as much, and an import comes here thirty times.
  const present: Record<string, unknown> = {};
  for (const key in fields) {
    if (fields[key] !== undefined) present[key] = fields[key];
  }
  return present as Present<T>;
}
