import { isJsonObject, type JsonObject } from '../json-object.ts';

/** Members that identify the elements of a list; every other list is replaced whole. Source: the merge keys of ImageStream. */
const MERGE_KEYS: Readonly<Record<string, string>> = { 'spec.tags': 'name' };

/** The three sides of a merge: what was applied last, what is wanted now, what the server holds. */
interface Sides {
  readonly original: unknown;
  readonly modified: unknown;
  readonly live: unknown;
}

/**
 * What the server should hold: the wanted values win, values that were applied before and are wanted no more go, and
 * whatever somebody else set stays. Lists are replaced, except `spec.tags`, which is merged by name.
 * A null that is wanted removes a member. Source: client-side apply of kubectl, with the merge keys oc uses.
 */
export function threeWayMerge(
  original: JsonObject | undefined,
  modified: JsonObject,
  live: JsonObject,
): JsonObject {
  return mergeObjects({ original, modified, live }, '');
}

function merge(sides: Sides, path: string): unknown {
  const key = MERGE_KEYS[path];
  if (key !== undefined && Array.isArray(sides.modified)) {
    return mergeLists(asList(sides.original, key), asList(sides.modified, key), {
      live: asList(sides.live, key),
      path,
    });
  }
  return isJsonObject(sides.modified) ? mergeObjects(sides, path) : sides.modified;
}

function mergeObjects(sides: Sides, path: string): JsonObject {
  const [original, modified, live] = [sides.original, sides.modified, sides.live].map((side) =>
    isJsonObject(side) ? side : {},
  ) as [JsonObject, JsonObject, JsonObject];
  const keys = [...new Set([...Object.keys(live), ...Object.keys(modified)])];
  const entries = keys.flatMap((key): [string, unknown][] => {
    const wanted = own(modified, key);
    if (wanted === null) return [];
    if (wanted === undefined) return own(original, key) === undefined ? [[key, live[key]]] : [];
    const member = { original: own(original, key), modified: wanted, live: own(live, key) };
    return [[key, merge(member, path === '' ? key : `${path}.${key}`)]];
  });
  // fromEntries defines members, so that a member named __proto__ is one.
  return Object.fromEntries(entries);
}

function mergeLists(
  original: ReadonlyMap<string, JsonObject>,
  modified: ReadonlyMap<string, JsonObject>,
  rest: { readonly live: ReadonlyMap<string, JsonObject>; readonly path: string },
): readonly JsonObject[] {
  const kept = [...rest.live.keys()].filter((name) => modified.has(name) || !original.has(name));
  const names = new Set([...kept, ...modified.keys()]);
  return [...names].flatMap((name) => {
    const [wanted, live] = [modified.get(name), rest.live.get(name)];
    if (wanted === undefined) return live === undefined ? [] : [live];
    return [
      mergeObjects({ original: original.get(name), modified: wanted, live }, `${rest.path}[]`),
    ];
  });
}

/** Elements by their key. Of two with the same key the later wins, as the server has it. */
function asList(value: unknown, key: string): ReadonlyMap<string, JsonObject> {
  if (!Array.isArray(value)) return new Map();
  return new Map(value.filter(isJsonObject).map((element) => [String(element[key]), element]));
}

function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
