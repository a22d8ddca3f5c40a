import {
  type FieldCause,
  fieldDuplicate,
  fieldInvalid,
  fieldRequired,
} from '@tagtrail/apimachinery';
import { IMAGE_API_VERSION, type ObjectReference } from './image-stream.ts';
import type {
  ImageImportSpec,
  ImageStreamImport,
  RepositoryImportSpec,
} from './image-stream-import.ts';
import { readImportSource } from './import-source.ts';
import { LISTING_TAG } from './repository-tags.ts';
import { validateImageStream } from './validate-image-stream.ts';

/** As many as a stream may have tags: each is one. */
const MAX_IMAGES = 1000;
/** As for the tags of a stream. */
const MAX_TAG_NAME_LENGTH = 128;

/**
 * Everything wrong with a request to import, but for sources that can't be read: those fail one by one, as images do
 * that can't be had. Source: OpenShift validation, messages included.
 */
export function validateImageStreamImport(request: ImageStreamImport): readonly FieldCause[] {
  const { metadata, spec } = request;
  return [
    ...validateImageStream({
      kind: 'ImageStream',
      apiVersion: IMAGE_API_VERSION,
      metadata,
      spec: {},
      status: { dockerImageRepository: '' },
    }),
    ...validateImages(spec.images),
    ...(spec.import ? validateTargets(spec.images) : []),
    ...(spec.repository === undefined ? [] : validateRepository(spec.repository)),
    ...(spec.images.length === 0 && spec.repository === undefined ? [NOTHING_ASKED] : []),
  ];
}

const NOTHING_ASKED = fieldInvalid(
  'spec.images',
  null,
  'you must specify at least one image or a repository import',
);

function validateImages(images: readonly ImageImportSpec[]): readonly FieldCause[] {
  if (images.length > MAX_IMAGES) {
    const detail = `at most ${MAX_IMAGES} images may be imported at once`;
    return [fieldInvalid('spec.images', images.length, detail)];
  }
  return images.flatMap(({ from, to }, index) => {
    const path = `spec.images[${index}]`;
    return [
      ...validateFrom(from, path),
      ...(to === undefined ? [] : validateTarget(to.name, `${path}.to.name`)),
    ];
  });
}

function validateFrom({ kind, name }: ObjectReference, path: string): readonly FieldCause[] {
  if (kind !== 'DockerImage') {
    return [fieldInvalid(`${path}.from.kind`, kind, 'only DockerImage is supported')];
  }
  return name === '' ? [fieldRequired(`${path}.from.name`)] : [];
}

function validateTarget(name: string, field: string): readonly FieldCause[] {
  if (name === '') {
    return [fieldInvalid(field, name, 'the name of the target tag must be specified')];
  }
  if (name.length > MAX_TAG_NAME_LENGTH) {
    const detail = `must be at most ${MAX_TAG_NAME_LENGTH} characters long`;
    return [fieldInvalid(field, name, detail)];
  }
  if (name === LISTING_TAG) return [fieldInvalid(field, name, 'is not a name for a tag')];
  // Half a character would come back from the store as another one, and the tag would never be found again.
  if (name.isWellFormed()) return [];
  return [fieldInvalid(field, name.toWellFormed(), 'must be valid Unicode')];
}

/** Images are imported at the same time, so two for one tag would leave it to chance which it gets. */
function validateTargets(images: readonly ImageImportSpec[]): readonly FieldCause[] {
  const seen = new Set<string>();
  return images.flatMap(({ to }, index) => {
    if (to === undefined) return [];
    if (seen.has(to.name)) return [fieldDuplicate(`spec.images[${index}].to.name`, to.name)];
    seen.add(to.name);
    return [];
  });
}

function validateRepository({ from }: RepositoryImportSpec): readonly FieldCause[] {
  const path = 'spec.repository';
  const causes = validateFrom(from, path);
  const parsed = readImportSource(from.name);
  if (causes.length > 0 || !parsed.ok) return causes;
  const { hasExplicitTag, digest } = parsed.source;
  if (!hasExplicitTag && digest === undefined) return [];
  const detail = 'you must specify an image repository, not a tag or ID';
  return [fieldInvalid(`${path}.from.name`, from.name, detail)];
}
