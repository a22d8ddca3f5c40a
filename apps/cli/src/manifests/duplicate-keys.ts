import { type Document, isScalar, visit, type YAMLMap } from 'yaml';

/** Where keys stand that their object has already: characters from the beginning of the text. */
export function duplicateKeys(document: Document.Parsed): readonly number[] {
  const found: (readonly number[])[] = [];
  visit(document, { Map: (_, map) => void found.push(duplicatesIn(map)) });
  return found.flat();
}

/** By the name that a key gets in JSON: `1` and `"1"` are the same. A merge may be there several times. */
function duplicatesIn(map: YAMLMap): readonly number[] {
  const names = new Set<string>();
  const offsets: number[] = [];
  for (const { key } of map.items) {
    if (!isScalar(key) || key.source === '<<') continue;
    const name = String(key.value);
    if (names.has(name)) offsets.push(key.range?.[0] ?? 0);
    names.add(name);
  }
  return offsets;
}
