import type { FieldCause } from '@tagtrail/apimachinery';
import { decodeImageStream, validateImageStream } from '@tagtrail/image-stream';
import { isJsonObject, type JsonObject, objectMember, textMember } from '../json-object.ts';
import { adviceFor } from './advice-for.ts';
import type { Manifest } from './parse-manifests.ts';
import { registryOnlyCauses } from './registry-only.ts';
import { unknownFields } from './unknown-fields.ts';

/** Mistakes of one object that are shown; a list of hundreds hides the first. */
const SHOWN_PROBLEMS = 20;

/**
 * What keeps a manifest from being an ImageStream of `namespace`: one line per mistake, each with file, document, line
 * and field, and what to do. The rules are the server's own, so that nothing is sent of a file with a mistake in it.
 */
export function manifestProblems(manifest: Manifest, namespace: string): readonly string[] {
  const problems = findProblems(manifest, namespace);
  const hidden = problems.length - SHOWN_PROBLEMS;
  if (hidden <= 0) return problems;
  return [...problems.slice(0, SHOWN_PROBLEMS), `${manifest.place}: ${hidden} more mistakes`];
}

function findProblems(manifest: Manifest, namespace: string): readonly string[] {
  const kind = textMember(manifest.object, 'kind');
  if (kind !== 'ImageStream') {
    const found = kind === undefined ? 'Required value' : `"${kind}" is not known`;
    return [`${placeOf(manifest, 'kind')}: kind: ${found}: must be ImageStream`];
  }
  return [
    ...unknownFields(manifest.object).map(({ field, suggestion }) => {
      const meant = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
      return `${placeOf(manifest, field)}: unknown field ${field}${meant}`;
    }),
    ...fieldCauses(manifest, namespace).map(
      (cause) =>
        `${placeOf(manifest, indexedField(cause.field, manifest.object))}: ${cause.field}: ${cause.message}${adviceFor(cause, manifest)}`,
    ),
  ];
}

/** Wrong types first: what a value means can be judged only when it is of the right one. */
function fieldCauses({ object }: Manifest, namespace: string): readonly FieldCause[] {
  const decoded = decodeImageStream(object);
  if (!decoded.ok) return decoded.causes;
  const { metadata, ...rest } = decoded.stream;
  const stream = { ...rest, metadata: { ...metadata, namespace } };
  const registries = registryOnlyCauses(stream);
  const isTold = ({ field }: FieldCause) => registries.some((cause) => cause.field === field);
  return [...validateImageStream(stream).filter((cause) => !isTold(cause)), ...registries];
}

/** Where a field stands: `web.yaml: document 2, line 7`. */
export function placeOf({ place, lineOf }: Manifest, field: string): string {
  return `${place}, line ${lineOf(field)}`;
}

/** The model names tags by their names where the file has a list: `spec.tags[latest].from` becomes `spec.tags[0].from`. */
export function indexedField(field: string, object: JsonObject): string {
  const tags = objectMember(object, 'spec')['tags'];
  const [longest] = (Array.isArray(tags) ? tags : [])
    .map((tag: unknown) => (isJsonObject(tag) ? (textMember(tag, 'name') ?? '') : ''))
    .map((name, index) => ({ index, prefix: `spec.tags[${name}]` }))
    .filter(({ prefix }) => field.startsWith(prefix))
    .toSorted((a, b) => b.prefix.length - a.prefix.length);
  if (longest === undefined) return field;
  return `spec.tags[${longest.index}]${field.slice(longest.prefix.length)}`;
}
