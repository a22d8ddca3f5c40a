import { suggestion } from './nearest-word.ts';
import { parseSetting } from './parse-setting.ts';
import { fileProblem, readBounded } from './read-bounded.ts';
import { isServiceLink } from './service-link.ts';
import { type SettingKey, VARIABLE_PREFIX } from './setting-key.ts';
import type { SettingsProblem } from './settings-error.ts';
import type { GivenSetting, SettingsLayer } from './settings-layer.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Bytes of a file named by `…_FILE`: a token or a URL, not a document. */
const SECRET_FILE_LIMIT = 64 * 1024;

export interface EnvironmentLayerOptions {
  readonly env: Environment;
  /** The settings to read. */
  readonly keys: readonly SettingKey[];
  /** The settings there are, `keys` among them. Others are left alone: their secret files may not even be here. */
  readonly known: readonly SettingKey[];
  /** Variables with our prefix that are no settings. */
  readonly extras: readonly string[];
}

/** Reads every key's variable, its `…_FILE` twin or its alias. An empty variable counts as not set, as compose files make them. */
export function readEnvironmentLayer(options: EnvironmentLayerOptions): SettingsLayer {
  const env = ownVariables(options.env);
  const given = new Map<string, GivenSetting>();
  const problems: SettingsProblem[] = [];
  for (const key of options.keys) {
    const found = findVariable(key, env);
    if (found === undefined) continue;
    const parsed = found.ok ? parseSetting(found.text, key.type) : found;
    if (parsed.ok) {
      given.set(key.key, {
        value: parsed.value,
        source: 'environment',
        where: () => found.variable,
      });
    } else {
      problems.push({ key: key.key, where: found.variable, message: parsed.message });
    }
  }
  return { given, problems: [...problems, ...unknownVariables(env, options)] };
}

/** What is set and meant for us: neither empty nor put there by Kubernetes. */
function ownVariables(env: Environment): ReadonlyMap<string, string> {
  const own = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (value && !isServiceLink(name, value)) own.set(name, value);
  }
  return own;
}

type FoundVariable = { readonly variable: string } & (
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string }
);

function findVariable(
  { variable, fileVariable = '', aliases }: SettingKey,
  env: ReadonlyMap<string, string>,
): FoundVariable | undefined {
  const text = env.get(variable);
  const file = env.get(fileVariable);
  if (text !== undefined && file !== undefined) {
    return { variable, ok: false, message: `is set, and ${fileVariable} too: only one may be` };
  }
  if (text !== undefined) return { variable, ok: true, text };
  if (file !== undefined) return readSecretFile(fileVariable, file);
  const alias = aliases.find((name) => env.has(name));
  return alias === undefined
    ? undefined
    : { variable: alias, ok: true, text: env.get(alias) ?? '' };
}

/** Editors and `echo` end a file with a newline that is not part of the secret; exactly one is taken off. */
function readSecretFile(variable: string, path: string): FoundVariable {
  try {
    const text = readBounded(path, SECRET_FILE_LIMIT).replace(/\r?\n$/, '');
    if (text === '') return { variable, ok: false, message: `names an empty file, ${path}` };
    return { variable, ok: true, text };
  } catch (error) {
    return { variable, ok: false, message: fileProblem(path, error) };
  }
}

function unknownVariables(
  env: ReadonlyMap<string, string>,
  { known, extras }: EnvironmentLayerOptions,
): readonly SettingsProblem[] {
  const names = [
    ...known.flatMap(({ variable, fileVariable }) => [variable, fileVariable ?? variable]),
    ...extras,
  ];
  return [...env.keys()]
    .filter((name) => name.startsWith(VARIABLE_PREFIX) && !names.includes(name))
    .map((name) => ({ key: name, message: `is not a setting${suggestion(name, names)}` }));
}
