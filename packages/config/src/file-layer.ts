import { suggestion } from './nearest-word.ts';
import { fileProblem, readBounded } from './read-bounded.ts';
import type { SettingKey } from './setting-key.ts';
import type { SettingsProblem } from './settings-error.ts';
import type { GivenSetting, SettingsLayer } from './settings-layer.ts';
import { parseYamlFile, type YamlEntry, type YamlFile } from './yaml-file.ts';

/** Bytes of the settings file. A full one has a few KiB; anything near this is the wrong file. */
const FILE_LIMIT = 1024 * 1024;

/** Reads a YAML file of sections. A key without a value counts as not set; a key that is no setting is a problem. */
export function readFileLayer(path: string, keys: readonly SettingKey[]): SettingsLayer {
  let text: string;
  try {
    text = readBounded(path, FILE_LIMIT);
  } catch (error) {
    return { given: new Map(), problems: [{ key: path, message: fileProblem(path, error) }] };
  }
  const file = parseYamlFile(path, text);
  if (file.problems.length > 0) return { given: new Map(), problems: file.problems };
  return readSections({ path, file, keys });
}

interface Reading {
  readonly path: string;
  readonly file: YamlFile;
  readonly keys: readonly SettingKey[];
}

function readSections(reading: Reading): SettingsLayer {
  const sections = reading.file.entries();
  if (sections === undefined) {
    const message = 'must be a map of sections';
    return { given: new Map(), problems: [{ key: reading.path, message }] };
  }
  const layers = sections.map((section) => readSection(section, reading));
  return {
    given: new Map(layers.flatMap(({ given }) => [...given])),
    problems: layers.flatMap(({ problems }) => problems),
  };
}

function readSection(section: YamlEntry, { file, keys }: Reading): SettingsLayer {
  const given = new Map<string, GivenSetting>();
  const known = keys.filter((key) => key.section === section.name);
  if (known.length === 0) {
    return {
      given,
      problems: [
        unknown(
          section,
          keys.map((key) => key.section),
        ),
      ],
    };
  }
  const entries = section.node === undefined ? [] : file.entries(section.node);
  if (entries === undefined) {
    const message = `must be a map with keys such as ${known[0]?.name}`;
    return { given, problems: [{ key: section.name, where: section.where, message }] };
  }
  const problems: SettingsProblem[] = [];
  for (const entry of entries) {
    const key = known.find(({ name }) => name === entry.name);
    if (key === undefined)
      problems.push(
        unknown(
          entry,
          known.map(({ name }) => name),
          section.name,
        ),
      );
    else if (entry.node !== undefined) given.set(key.key, settingOf(key, entry, file));
  }
  return { given, problems };
}

function settingOf({ section, name }: SettingKey, entry: YamlEntry, file: YamlFile): GivenSetting {
  return {
    value: file.plain(entry.node),
    source: 'file',
    where: (part = []) => file.where([section, name, ...part]) ?? entry.where,
  };
}

function unknown(entry: YamlEntry, words: readonly string[], section?: string): SettingsProblem {
  return {
    key: section === undefined ? entry.name : `${section}.${entry.name}`,
    where: entry.where,
    message: `is not a ${section === undefined ? 'section' : 'setting'}${suggestion(entry.name, words)}`,
  };
}
