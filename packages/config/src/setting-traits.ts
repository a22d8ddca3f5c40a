import { z } from 'zod';

/** What a schema can't say by itself about a setting. */
export interface SettingTraits {
  /** `whole`: never shown. `url`: shown without userinfo and query. Both may be read from a file named by `…_FILE`. */
  readonly secret?: 'whole' | 'url';
  /** Variables that people have set already: the first that is set is taken when our own is not. */
  readonly aliases?: readonly string[];
  /** A number of ms that is written as a duration. */
  readonly duration?: true;
  /** A number of bytes that is written as a size. */
  readonly byteSize?: true;
}

/** Traits by schema. zod hands a schema's traits on to its clones (`describe`, `meta`), not to its wrappers (`default`). */
const registry = z.registry<SettingTraits>();

export function withTraits<S extends z.ZodType>(schema: S, traits: SettingTraits): S {
  const clone = schema.clone();
  registry.add(clone, { ...registry.get(schema), ...traits });
  return clone;
}

export function traitsOf(schema: z.core.$ZodType): SettingTraits {
  return registry.get(schema) ?? {};
}

/** Marks a setting that must never be shown. */
export function secret<S extends z.ZodType>(schema: S): S {
  return withTraits(schema, { secret: 'whole' });
}

/** Marks a URL that may carry a password: host and path are shown, userinfo and query are not. */
export function secretUrl<S extends z.ZodType>(schema: S): S {
  return withTraits(schema, { secret: 'url' });
}

/** Names further variables for a setting, which are not ours: the first that is set counts when our own is not. */
export function alias<S extends z.ZodType>(schema: S, ...variables: readonly string[]): S {
  return withTraits(schema, { aliases: variables });
}
