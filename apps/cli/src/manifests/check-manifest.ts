import { type FieldCause, fieldDuplicate, fieldInvalid } from '@tagtrail/apimachinery';
import { isTagName } from '@tagtrail/image-reference';
import { decodeImageStream, type ImageStream, validateImageStream } from '@tagtrail/image-stream';
import { isJsonObject, type JsonObject, objectMember, textMember } from '../json-object.ts';
import { adviceFor } from './advice-for.ts';
import type { Manifest } from './parse-manifests.ts';
import { suggestField } from './suggest-field.ts';
import { unknownFields } from './unknown-fields.ts';

/** Mistakes of one object that are shown; a list of hundreds hides the first. */
const SHOWN_PROBLEMS = 20;

/**
 * What keeps a manifest from being an ImageStream of `namespace`: one line per mistake, from top to bottom, each with file, document, line
 * and field, and what to do. The rules are the server's own, so that nothing is sent of a file with a mistake in it.
 */
export function manifestProblems(manifest: Manifest, namespace: string): readonly string[] {
  const mistakes = findMistakes(manifest, namespace);
  const shown = mistakes
    .slice(0, SHOWN_PROBLEMS)
    .map((mistake) => ({ ...mistake, line: manifest.lineOf(mistake.at) }))
    .toSorted((a, b) => a.line - b.line)
    .map(({ at, say }) => `${placeOf(manifest, at)}: ${say()}`);
  const hidden = mistakes.length - shown.length;
  return hidden > 0 ? [...shown, `${manifest.place}: ${hidden} more mistakes`] : shown;
}

interface Mistake {
  /** The field to look at, its list elements by index. */
  readonly at: string;
  /** What is wrong; asked only of mistakes that are shown. */
  readonly say: () => string;
}

/** Kinds that have a command of their own. */
const COMMANDS: Readonly<Record<string, string>> = {
  ImageStreamTag: 'tag',
  ImageStreamImport: 'import-image',
};

/** That it is an ImageStream at all, whatever else is said of it. */
export function kindProblems(manifest: Manifest): readonly string[] {
  if (manifest.object['kind'] === 'ImageStream') return [];
  const { at, say } = wrongKind(manifest.object);
  return [`${placeOf(manifest, at)}: ${say()}`];
}

/** What is no ImageStream is not judged as one. */
function findMistakes(manifest: Manifest, namespace: string): readonly Mistake[] {
  const { object } = manifest;
  if (object['kind'] !== 'ImageStream') return [wrongKind(object)];
  return [
    ...unknownFields(object).map((unknown) => ({
      at: unknown.field,
      say: () => {
        const meant = suggestField(unknown.name, unknown.parent);
        return unknownField(unknown.field, meant);
      },
    })),
    ...duplicateTags(object),
    ...ruleMistakes(manifest, namespace),
  ];
}

function wrongKind(object: JsonObject): Mistake {
  const kind = object['kind'] ?? '';
  const other = Object.keys(object).find((key) => key.toLowerCase() === 'kind');
  if (kind === '' && other !== undefined && other !== 'kind') {
    return { at: other, say: () => unknownField(other, 'kind') };
  }
  const command = Object.hasOwn(COMMANDS, String(kind)) ? COMMANDS[String(kind)] : undefined;
  if (command !== undefined) {
    const say = () => `kind: ${kind} is not taken from files; use \`tagtrail ${command}\``;
    return { at: 'kind', say };
  }
  const found = kind === '' ? 'Required value' : `${JSON.stringify(kind)} is not known`;
  return { at: 'kind', say: () => `kind: ${found}: must be ImageStream` };
}

function unknownField(field: string, meant: string | undefined): string {
  return `unknown field ${field}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

/** The server would keep the last of two namesakes and drop the other without a word. */
function duplicateTags(object: JsonObject): readonly Mistake[] {
  const first = new Map<string, number>();
  return specTagNames(object).flatMap((name, index) => {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, index);
    if (earlier === undefined || name === '') return [];
    const at = `spec.tags[${index}].name`;
    const { message } = fieldDuplicate(at, name);
    return [{ at, say: () => `${at}: ${message}: spec.tags[${earlier}] has it; keep one of them` }];
  });
}

/** Wrong types first: what a value means can be judged only when it is of the right one. */
function ruleMistakes(manifest: Manifest, namespace: string): readonly Mistake[] {
  const { object } = manifest;
  const decoded = decodeImageStream(object);
  if (!decoded.ok) return decoded.causes.map((cause) => toMistake(cause, cause.field, manifest));
  const { metadata, ...rest } = decoded.stream;
  const stream = { ...rest, metadata: { ...metadata, namespace } };
  const causes = [...validateImageStream(stream), ...impossibleTags(stream)];
  return causes.map((cause) => toMistake(cause, indexedField(cause.field, object), manifest));
}

/** The API takes such names, as OpenShift does; in a file they are a mistake, because nobody can pull such a tag. */
function impossibleTags({ spec: { tags = [] } }: ImageStream): readonly FieldCause[] {
  return tags
    .filter(({ name }) => name !== '' && name.length <= LONGEST_TAG && !isTagName(name))
    .map(({ name }) => fieldInvalid(`spec.tags[${name}].name`, name, TAG_RULE));
}

/** Characters; longer ones are refused by the rules of the server. */
const LONGEST_TAG = 128;

const TAG_RULE =
  "no registry has such a tag: write letters, digits, '_', '.' and '-', the first of them no '.' or '-'";

function toMistake(cause: FieldCause, at: string, manifest: Manifest): Mistake {
  return {
    at,
    say: () => `${cause.field}: ${cause.message}${adviceFor({ ...cause, field: at }, manifest)}`,
  };
}

/** Where a field stands: `web.yaml: document 2, line 7`. */
export function placeOf({ place, lineOf }: Manifest, field: string): string {
  return `${place}, line ${lineOf(field)}`;
}

/** The rules name tags by their names where the file has a list: `spec.tags[latest].from` becomes `spec.tags[0].from`. */
export function indexedField(field: string, object: JsonObject): string {
  const [longest] = specTagNames(object)
    .map((name, index) => ({ index, prefix: `spec.tags[${name}]` }))
    .filter(({ prefix }) => field.startsWith(prefix))
    // Of two namesakes, the rules see the last one only.
    .toSorted((a, b) => b.prefix.length - a.prefix.length || b.index - a.index);
  if (longest === undefined) return field;
  return `spec.tags[${longest.index}]${field.slice(longest.prefix.length)}`;
}

/** Empty where a tag has no name. */
function specTagNames(object: JsonObject): readonly string[] {
  const tags = objectMember(object, 'spec')['tags'];
  return (Array.isArray(tags) ? tags : []).map((tag: unknown) =>
    isJsonObject(tag) ? (textMember(tag, 'name') ?? '') : '',
  );
}
