import type { z } from 'zod';
import { deepFreeze } from './deep-freeze.ts';
import { describeIssue } from './describe-issue.ts';
import { type Environment, readEnvironmentLayer } from './environment-layer.ts';
import { readFileLayer } from './file-layer.ts';
import { formatSetting } from './format-setting.ts';
import { tagtrailSettings } from './sections/tagtrail-settings.ts';
import { listSettingKeys, type SettingKey } from './setting-key.ts';

import { SettingsError, type SettingsProblem } from './settings-error.ts';
import type { GivenSetting, SettingsLayer } from './settings-layer.ts';

/** The variable that names the settings file. */
export const CONFIG_VARIABLE = 'TAGTRAIL_CONFIG';

export interface ReadSettingsOptions {
  /** The process's environment: passed in, never looked up. */
  readonly env: Environment;
  /** Path of a YAML file; `TAGTRAIL_CONFIG` names one unless told. */
  readonly file?: string;
  /**
   * Every section there is. All processes share one file and often one environment, so settings of others are no
   * mistakes; they are recognised, and not checked. Tagtrail's own sections unless told.
   */
  readonly known?: z.ZodObject;
  /** Variables with our prefix that are no settings; `TAGTRAIL_CONFIG` is always one. */
  readonly extras?: readonly string[];
}

export interface DescribedSetting {
  readonly key: string;
  /** Masked when secret; empty when not set. */
  readonly value: string;
  readonly source: 'default' | 'environment' | 'file';
  readonly variable: string;
}

export interface Settings<T> {
  /** Frozen all the way down. */
  readonly values: T;
  /** Every setting with the place it came from, fit for a log. */
  describe(): readonly DescribedSetting[];
}

/**
 * Reads the settings of a process: environment over file over defaults. `schema` is an object of sections.
 * Throws SettingsError with everything that is wrong, not only the first.
 */
export function readSettings<S extends z.ZodObject>(
  schema: S,
  options: ReadSettingsOptions,
): Settings<z.output<S>> {
  const keys = listSettingKeys(schema);
  const { given, problems } = readLayers(keys, options);
  const input = inputOf(keys, given);
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => problemOf(issue, { keys, given, input }));
    // A setting that could not be read is found missing, too.
    const unread = new Set(problems.map(({ key }) => key));
    throw new SettingsError([...problems, ...wrong.filter(({ key }) => !unread.has(key))]);
  }
  if (problems.length > 0) throw new SettingsError(problems);
  const values = deepFreeze(parsed.data);
  return { values, describe: () => keys.map((key) => describeSetting(key, values, given)) };
}

function readLayers(keys: readonly SettingKey[], options: ReadSettingsOptions): SettingsLayer {
  const { env, known = tagtrailSettings, extras = [], file = env[CONFIG_VARIABLE] } = options;
  const own = new Set(keys.map(({ key }) => key));
  const all = [...keys, ...listSettingKeys(known).filter(({ key }) => !own.has(key))];
  const fromFile = file ? readFileLayer(file, all) : undefined;
  const fromEnvironment = readEnvironmentLayer({
    env,
    keys,
    known: all,
    extras: [CONFIG_VARIABLE, ...extras],
  });
  return {
    given: new Map([...(fromFile?.given ?? []), ...fromEnvironment.given]),
    problems: [...(fromFile?.problems ?? []), ...fromEnvironment.problems],
  };
}

type Given = ReadonlyMap<string, GivenSetting>;
type Input = Record<string, Record<string, unknown>>;

/** The object that the schema is asked about; every section is there, so that its defaults are found. */
function inputOf(keys: readonly SettingKey[], given: Given): Input {
  const input: Input = {};
  for (const { key, section, name } of keys) {
    const setting = given.get(key);
    input[section] = { ...input[section], ...(setting !== undefined && { [name]: setting.value }) };
  }
  return input;
}

function problemOf(
  issue: z.core.$ZodIssue,
  { keys, given, input }: { keys: readonly SettingKey[]; given: Given; input: Input },
): SettingsProblem {
  const [section, name, ...part] = issue.path;
  const key = keys.find((k) => k.section === section && k.name === name);
  const value = issue.path.reduce<unknown>((at, step) => Object(at)[step], input);
  const message = describeIssue(issue, value);
  if (key === undefined) return { key: issue.path.join('.'), message };
  const where = given.get(key.key)?.where(part) ?? key.variable;
  return { key: [key.key, ...part].join('.'), where, message };
}

function describeSetting(
  key: SettingKey,
  values: Readonly<Record<string, unknown>>,
  given: Given,
): DescribedSetting {
  const section = values[key.section] as Readonly<Record<string, unknown>>;
  return {
    key: key.key,
    value: formatSetting(key, section[key.name]),
    source: given.get(key.key)?.source ?? 'default',
    variable: key.variable,
  };
}
