import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';

/** Where a field stands in the text. */
export interface FieldOffset {
  /** Characters from the beginning: of the field's key or element, or of the nearest one above it that is there. */
  readonly offset: number;
  /** The value as written, when the field itself was found and holds a single value. */
  readonly source: string | undefined;
}

/** A place in a document to look for fields from. */
export interface FieldStart {
  /** Undefined where the text of a value stands elsewhere: there is nothing to be found below. */
  readonly node: unknown;
  readonly offset: number;
}

/** The root of a document. */
export function rootOf({ contents }: Document.Parsed): FieldStart {
  return { node: contents, offset: startOf(contents) };
}

/**
 * The elements of a list below `start`, found once for all of them: to look for each from the root takes time with the
 * square of the document's size.
 */
export function elementsOf(
  document: Document.Parsed,
  field: string,
  start: FieldStart,
): readonly FieldStart[] {
  const { node, rest } = follow(document, field, start);
  const list = resolved(node, document);
  if (rest !== '' || !isSeq(list)) return [];
  return list.items.map((element) => ({ node: element, offset: startOf(element) }));
}

/**
 * Finds a field by its path, such as `spec.tags[0].from.name` or `metadata.annotations[a.b/c]`: a member is written with
 * a dot or in brackets, an element by its index.
 */
export function findFieldOffset(
  document: Document.Parsed,
  field: string,
  start: FieldStart = rootOf(document),
): FieldOffset {
  const { node, offset, rest } = follow(document, field, start);
  const source = rest === '' && isScalar(node) ? node.source : undefined;
  return { offset, source };
}

interface Step extends FieldStart {
  /** What remains of the path below the node. */
  readonly rest: string;
}

/** As far down the path as there is something. */
function follow(document: Document.Parsed, field: string, start: FieldStart): Step {
  let found: Step = { ...start, rest: field };
  for (let next: Step | undefined = found; next !== undefined; next = stepInto(found, document)) {
    found = next;
    if (found.rest === '') break;
  }
  return found;
}

/** One member or element further down; undefined when the next one is not there. */
function stepInto({ node, rest }: Step, document: Document.Parsed): Step | undefined {
  const target = resolved(node, document);
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

function resolved(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function startOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0;
}
