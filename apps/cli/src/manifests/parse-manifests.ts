import { LineCounter, parseAllDocuments } from 'yaml';
import { errorMessage } from '../cli-error.ts';
import { isJsonObject, type JsonObject, textMember } from '../json-object.ts';
import { elementsOf, type FieldStart, findFieldOffset, rootOf } from './find-field-offset.ts';
import type { PlacedDocument } from './placed-document.ts';
import { aliasProblem, syntaxProblems } from './syntax-problems.ts';

/** One object of a definition file, as written. */
export interface Manifest {
  /** Where it stands, for messages: `web.yaml: document 2, items[1]`. */
  readonly place: string;
  readonly object: JsonObject;
  /** The line of a field such as `spec.tags[0].name`, or of the nearest field above it that is there. */
  readonly lineOf: (field: string) => number;
  /** A value as the file spells it (`3.10`), where the field is there and holds no others. */
  readonly sourceOf: (field: string) => string | undefined;
}

/** An object, or what is wrong where one should be: a line each, with file, document and line. */
export type ManifestEntry =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Aliases a document may expand to: definitions need none, and a few lines of them can mean gigabytes. */
const ALIAS_LIMIT = 100;

const BEGINNING = 'a definition begins with "kind: ImageStream"';

/**
 * The objects of a YAML text of several documents, or of a JSON text, in order; lists (`kind: List`,
 * `kind: ImageStreamList`) are taken apart. A document that is wrong keeps no other from being read.
 */
export function parseManifests(text: string, file: string): readonly ManifestEntry[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    // `<<` is no YAML 1.2 any more, but kubectl reads it.
    merge: true,
    // The parser compares every key with every other one; see `duplicateKeys`.
    uniqueKeys: false,
    // Pictures of the line would take minutes where a long line is full of mistakes.
    prettyErrors: false,
    // Warnings would go to the process' own stderr.
    logLevel: 'error',
  });
  // The parser returns an empty stream as an array with a mark on it.
  const entries = [...documents].flatMap((document, index) =>
    documentEntries({ document, lines, text, place: `${file}: document ${index + 1}` }),
  );
  return entries.length > 0 ? entries : [wrong([`${file}: no object in it; ${BEGINNING}`])];
}

function documentEntries(placed: PlacedDocument): readonly ManifestEntry[] {
  const { place } = placed;
  const mistakes = syntaxProblems(placed);
  if (mistakes.length > 0) return [wrong(mistakes)];
  const value = documentValue(placed);
  if (!value.ok) return [wrong([value.problem])];
  if (value.value === null || value.value === undefined) return [];
  return objectEntries(value.value, { placed, place, start: rootOf(placed.document) });
}

function documentValue(placed: PlacedDocument) {
  try {
    const value: unknown = placed.document.toJS({ maxAliasCount: ALIAS_LIMIT });
    return { ok: true, value } as const;
  } catch (error) {
    const problem = aliasProblem(placed, errorMessage(error), ALIAS_LIMIT);
    return { ok: false, problem } as const;
  }
}

interface Position {
  readonly placed: PlacedDocument;
  readonly place: string;
  /** Where the object stands in the document. */
  readonly start: FieldStart;
}

function objectEntries(value: unknown, position: Position): readonly ManifestEntry[] {
  const { placed, place, start } = position;
  if (!isJsonObject(value)) {
    const line = lineOf(placed, '', start);
    return [wrong([`${place}, line ${line}: is not an object; ${BEGINNING}`])];
  }
  const items = value['items'];
  if (textMember(value, 'kind')?.endsWith('List') === true && Array.isArray(items)) {
    const starts = elementsOf(placed.document, 'items', start);
    // A list that was merged into the object stands elsewhere.
    const unknown = { node: undefined, offset: start.offset };
    return items.flatMap((one, index) =>
      objectEntries(one, {
        placed,
        place: `${place}, items[${index}]`,
        start: starts[index] ?? unknown,
      }),
    );
  }
  const manifest: Manifest = {
    place,
    object: value,
    lineOf: (field) => lineOf(placed, field, start),
    sourceOf: (field) => findFieldOffset(placed.document, field, start).source,
  };
  return [{ ok: true, manifest }];
}

function lineOf({ document, lines }: PlacedDocument, field: string, start: FieldStart): number {
  return lines.linePos(findFieldOffset(document, field, start).offset).line;
}

function wrong(problems: readonly string[]): ManifestEntry {
  return { ok: false, problems };
}
