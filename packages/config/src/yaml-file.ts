import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { SettingsProblem } from './settings-error.ts';

/** One name and its value in a YAML map. */
export interface YamlEntry {
  readonly name: string;
  /** The value's node; undefined when nothing, or null, stands there. */
  readonly node: unknown;
  /** `file:line:column` of the name. */
  readonly where: string;
}

/** A YAML document that can tell where its parts stand. */
export interface YamlFile {
  readonly problems: readonly SettingsProblem[];
  /** The entries of the document itself, or of one of its nodes; undefined when that isn't a map. */
  entries(node?: unknown): readonly YamlEntry[] | undefined;
  /** A node as plain data. */
  plain(node: unknown): unknown;
  /** `file:line:column` of what stands at a path of names, or undefined when nothing does. */
  where(path: readonly PropertyKey[]): string | undefined;
}

/** Parses YAML 1.2. What is wrong with it as YAML (a doubled name, a tab, a second document) is in `problems`. */
export function parseYamlFile(path: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  return {
    problems: [...document.errors, ...document.warnings].map((error) => ({
      key: path,
      where: at(error.pos[0]),
      message: error.message,
    })),
    entries: (node = document.contents) => entriesOf(document, node, at),
    plain: (node) => (isNode(node) ? node.toJS(document) : node),
    where(path) {
      const node = document.getIn(path, true);
      return isNode(node) && node.range ? at(node.range[0]) : undefined;
    },
  };
}

function entriesOf(
  document: Document,
  node: unknown,
  at: (offset: number) => string,
): readonly YamlEntry[] | undefined {
  const map = isAlias(node) ? node.resolve(document) : node;
  if (map === null) return [];
  if (!isMap(map)) return undefined;
  return map.items.map(({ key, value }) => ({
    name: isScalar(key) ? String(key.value) : String(key),
    node: isScalar(value) && value.value === null ? undefined : (value ?? undefined),
    where: at((isNode(key) ? key.range?.[0] : undefined) ?? 0),
  }));
}
