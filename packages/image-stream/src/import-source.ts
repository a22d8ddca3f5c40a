import { type FieldCause, fieldInvalid } from '@tagtrail/apimachinery';
import {
  formatImageReference,
  parseImageReference,
  resolveReference,
} from '@tagtrail/image-reference';

/** Where an image is asked for, as far as it matters to who asks. */
export interface ImportSource {
  /** `registry/repository`, the same for every spelling. */
  readonly repository: string;
  /** As written; `latest` when neither tag nor digest is. */
  readonly tag?: string;
  readonly digest?: string;
  /** Whether the tag is written out. */
  readonly hasExplicitTag: boolean;
}

/** A source, or the cause that OpenShift's importer names for one that can't be read. */
export type ReadImportSource =
  | { readonly ok: true; readonly source: ImportSource }
  | { readonly ok: false; readonly cause: FieldCause };

/** Reads `from.name` of an image or a repository to import. */
export function readImportSource(name: string): ReadImportSource {
  const parsed = parseImageReference(name);
  if (!parsed.ok) {
    const cause = fieldInvalid('from.name', name, `invalid name: ${parsed.message}`);
    return { ok: false, cause };
  }
  const { registry, repository, tag, digest } = resolveReference(parsed.reference);
  const source = {
    repository: `${registry}/${repository}`,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    hasExplicitTag: parsed.reference.tag !== undefined,
  };
  return { ok: true, source };
}

/** The same repository at one of its tags, spelled as the user spelled it. `name` must be readable. */
export function atTag(name: string, tag: string): string {
  const parsed = parseImageReference(name);
  if (!parsed.ok) throw new RangeError(`not an image reference: ${parsed.message}`);
  const { digest: _, ...repository } = parsed.reference;
  return formatImageReference({ ...repository, tag });
}
