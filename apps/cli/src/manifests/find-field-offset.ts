import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';

/** Where a field stands in the text. */
export interface FieldOffset {
  /** Characters from the beginning: of the field's key or element, or of the nearest one above it that is there. */
  readonly offset: number;
  /** The value as written, when the field itself was found and holds a single value. */
  readonly source: string | undefined;
}

/**
 * Finds a field by its path, such as `spec.tags[0].from.name` or `metadata.annotations[a.b/c]`: a member is written with
 * a dot or in brackets, an element by its index.
 */
export function findFieldOffset(document: Document.Parsed, field: string): FieldOffset {
  let found: Step = { node: document.contents, offset: startOf(document.contents), rest: field };
  for (let next: Step | undefined = found; next !== undefined; next = stepInto(found, document)) {
    found = next;
    if (found.rest === '') break;
  }
  const { node, offset, rest } = found;
  const source = rest === '' && isScalar(node) ? node.source : undefined;
  return { offset, source };
}

interface Step {
  readonly node: unknown;
  readonly offset: number;
  /** What remains of the path below the node. */
  readonly rest: string;
}

/** One member or element further down; undefined when the next one is not there. */
function stepInto({ node, rest }: Step, document: Document.Parsed): Step | undefined {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isMap(target)) return memberStep(target, rest);
  const [, index, below = ''] = /^\[(\d+)\](.*)$/su.exec(rest) ?? [];
  const element: unknown = isSeq(target) ? target.items[Number(index)] : undefined;
  return element === undefined
    ? undefined
    : { node: element, offset: startOf(element), rest: below };
}

/** Keys may hold dots and brackets themselves: the longest one that fits is meant. */
function memberStep(map: YAMLMap, rest: string): Step | undefined {
  const steps = map.items.flatMap(({ key, value }): Step[] => {
    const below = restBelow(rest, isScalar(key) ? String(key.value) : '');
    return below === undefined ? [] : [{ node: value, offset: startOf(key), rest: below }];
  });
  return steps.toSorted((a, b) => a.rest.length - b.rest.length)[0];
}

function restBelow(rest: string, key: string): string | undefined {
  const form = [key, `.${key}`, `[${key}]`].find((one) => rest.startsWith(one));
  const below = form === undefined ? undefined : rest.slice(form.length);
  return key === '' || below === undefined || /^[^.[]/u.test(below) ? undefined : below;
}

function startOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0;
}
