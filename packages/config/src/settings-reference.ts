import { z } from 'zod';
import { formatSetting } from './format-setting.ts';
import { listSettingKeys, type SettingKey } from './setting-key.ts';

/** A row of the settings reference. */
export interface SettingReference {
  readonly key: string;
  readonly variable: string;
  /** As it would be written; `required` when there is none, empty when the setting may be left out. */
  readonly default: string;
  readonly description: string;
}

/** Every setting of a schema of sections, for documents and for the test that keeps documents true. */
export function describeSettingsReference(schema: z.ZodObject): readonly SettingReference[] {
  return listSettingKeys(schema).map((key) => ({
    key: key.key,
    variable: key.variable,
    default: defaultOf(key),
    description: key.description,
  }));
}

function defaultOf(key: SettingKey): string {
  const parsed = z.safeParse(key.schema, undefined);
  return parsed.success ? formatSetting(key, parsed.data) : 'required';
}
