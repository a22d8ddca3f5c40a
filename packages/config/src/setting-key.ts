import { z } from 'zod';
import { type SettingTraits, traitsOf } from './setting-traits.ts';

/** Every variable of ours begins so; one that matches no key is a mistake. */
export const VARIABLE_PREFIX = 'TAGTRAIL_';

/** One setting: a key of a section, with everything that is needed to read it, check it and print it. */
export interface SettingKey {
  /** `schedule.defaultInterval`, as in the file. */
  readonly key: string;
  readonly section: string;
  readonly name: string;
  /** `TAGTRAIL_SCHEDULE_DEFAULT_INTERVAL`. */
  readonly variable: string;
  /** `TAGTRAIL_API_TOKEN_FILE`; secrets only. */
  readonly fileVariable?: string;
  readonly aliases: readonly string[];
  readonly description: string;
  /** With its default, as the section has it. */
  readonly schema: z.core.$ZodType;
  /** Without default and optionality. */
  readonly type: z.core.$ZodType;
  readonly traits: SettingTraits;
}

/** The settings of a schema of sections, in its order. Throws TypeError for a schema that isn't one. */
export function listSettingKeys(schema: z.ZodObject): readonly SettingKey[] {
  return Object.entries(schema.shape).flatMap(([section, sectionSchema]) => {
    const { type } = unwrap(sectionSchema);
    if (!(type instanceof z.ZodObject)) throw new TypeError(`section ${section} is not an object`);
    return Object.entries(type.shape).map(([name, leaf]) => settingKey(section, name, leaf));
  });
}

function settingKey(section: string, name: string, schema: z.core.$ZodType): SettingKey {
  const variable = `${VARIABLE_PREFIX}${snakeCase(section)}_${snakeCase(name)}`;
  const { type, traits } = unwrap(schema);
  return {
    key: `${section}.${name}`,
    section,
    name,
    variable,
    ...(traits.secret !== undefined && { fileVariable: `${variable}_FILE` }),
    aliases: traits.aliases ?? [],
    description: z.globalRegistry.get(schema)?.description ?? '',
    schema,
    type,
    traits,
  };
}

/** Takes defaults and optionality off a schema; traits count wherever on the way they stand. */
function unwrap(schema: z.core.$ZodType): { type: z.core.$ZodType; traits: SettingTraits } {
  let type = schema;
  let traits = traitsOf(type);
  while (
    type instanceof z.ZodDefault ||
    type instanceof z.ZodPrefault ||
    type instanceof z.ZodOptional
  ) {
    type = type.unwrap();
    traits = { ...traitsOf(type), ...traits };
  }
  return { type, traits };
}

function snakeCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
