import { type Document, parseAllDocuments, type YAMLParseError } from 'yaml';
import { CliError, errorMessage } from '../cli-error.ts';
import { isJsonObject, type JsonObject, objectMember, textMember } from '../json-object.ts';

/** One object of a definition file, as written. */
export interface Manifest {
  /** Where it stands, for messages: `web.yaml: document 2, items[1]`. */
  readonly place: string;
  readonly object: JsonObject;
  readonly name: string;
  /** As the file states it; absent means the one of the command. */
  readonly namespace?: string;
}

/** Aliases a document may expand to: definitions need none, and a few lines of them can mean gigabytes. */
const ALIAS_LIMIT = 100;

/**
 * The objects of a YAML text of several documents, or of a JSON text; lists (`kind: List`, `kind: ImageStreamList`)
 * are taken apart. Throws CliError `manifest`; every line of its message names the file, the document and the line or field.
 */
export function parseManifests(text: string, file: string): readonly Manifest[] {
  const documents = parseAllDocuments(text, { uniqueKeys: true });
  // The parser returns an empty stream as an array with a mark on it.
  const manifests = [...documents].flatMap((document, index) =>
    documentManifests(document, `${file}: document ${index + 1}`),
  );
  if (manifests.length === 0) throw new CliError('manifest', `${file}: no object in it`);
  return manifests;
}

function documentManifests(document: Document.Parsed, place: string): readonly Manifest[] {
  if (document.errors.length > 0) {
    throw new CliError('manifest', document.errors.map((e) => syntaxProblem(e, place)).join('\n'));
  }
  const value = documentValue(document, place);
  if (value === null || value === undefined) return [];
  return objectManifests(value, place);
}

/** The parser adds the position and a picture of the line to its message; here the position comes first. */
function syntaxProblem(error: YAMLParseError, place: string): string {
  const line = error.linePos?.[0].line;
  const message = error.message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/u, '');
  return `${place}${line === undefined ? '' : `, line ${line}`}: ${message}`;
}

function documentValue(document: Document.Parsed, place: string): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch (error) {
    throw new CliError('manifest', `${place}: ${errorMessage(error)}`, { cause: error });
  }
}

function objectManifests(value: unknown, place: string): readonly Manifest[] {
  if (!isJsonObject(value)) throw new CliError('manifest', `${place}: is not an object`);
  const items = value['items'];
  if (textMember(value, 'kind')?.endsWith('List') === true && Array.isArray(items)) {
    return items.flatMap((one, index) => objectManifests(one, `${place}, items[${index}]`));
  }
  return [toManifest(value, place)];
}

function toManifest(object: JsonObject, place: string): Manifest {
  const metadata = objectMember(object, 'metadata');
  const name = textMember(metadata, 'name');
  if (name === undefined) {
    throw new CliError('manifest', `${place}: metadata.name: Required value`);
  }
  const namespace = textMember(metadata, 'namespace');
  return { place, object, name, ...(namespace !== undefined && { namespace }) };
}
