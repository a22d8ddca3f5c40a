import {
  type FieldCause,
  fieldInvalid,
  fieldRequired,
  validateAnnotations,
  validateLabels,
} from '@tagtrail/apimachinery';
import { parseImageReference } from '@tagtrail/image-reference';
import { type ImageStream, SCHEDULE_ANNOTATION, type TagReference } from './image-stream.ts';
import { parseSchedule } from './schedule.ts';

const NAME_PATTERN = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
/** Repository names are at most 255 characters, and `namespace/name` is one. */
const MAX_REPOSITORY_LENGTH = 255;
/** A tag's name is a field of a record and part of schedule entries; registries allow 128. */
const MAX_TAG_NAME_LENGTH = 128;
/** Keeps one object, its change-log entries and its watch frames within about a MiB. */
const MAX_TAGS = 1000;
const FROM_KINDS = ['DockerImage', 'ImageStreamImage', 'ImageStreamTag'];
const FROM_KINDS_DETAIL = "valid values are 'DockerImage', 'ImageStreamImage', 'ImageStreamTag'";
const SCHEDULED_DETAIL =
  'only tags pointing to Docker repositories may be scheduled for background import';

/** Everything wrong with a stream that a client wants stored. Source: OpenShift validation, messages included. */
export function validateImageStream(stream: ImageStream): readonly FieldCause[] {
  const { metadata, spec } = stream;
  return [
    ...validateName(metadata.namespace ?? '', metadata.name),
    ...validateLabels(metadata.labels, 'metadata.labels'),
    ...validateAnnotations(metadata.annotations, 'metadata.annotations'),
    ...validateSchedule(metadata.annotations, 'metadata.annotations'),
    ...validateRepository(spec.dockerImageRepository),
    ...validateTags(spec.tags ?? []),
  ];
}

function validateName(namespace: string, name: string): readonly FieldCause[] {
  const field = 'metadata.name';
  if (name === '') return [fieldRequired(field, 'name or generateName is required')];
  const causes: FieldCause[] = [];
  if (!NAME_PATTERN.test(name)) {
    causes.push(fieldInvalid(field, name, 'must match "[a-z0-9]+(?:[._-][a-z0-9]+)*"'));
  }
  if (namespace.length + 1 + name.length > MAX_REPOSITORY_LENGTH) {
    const detail = `'namespace/name' cannot be longer than ${MAX_REPOSITORY_LENGTH} characters`;
    causes.push(fieldInvalid(field, name, detail));
  }
  return causes;
}

function validateRepository(repository: string | undefined): readonly FieldCause[] {
  if (repository === undefined) return [];
  const refuse = (detail: string) => [
    fieldInvalid('spec.dockerImageRepository', repository, detail),
  ];
  const parsed = parseImageReference(repository);
  if (!parsed.ok) return refuse(parsed.message);
  const { digest, tag } = parsed.reference;
  if (digest !== undefined) return refuse('the repository name may not contain an ID');
  return tag === undefined ? [] : refuse('the repository name may not contain a tag');
}

function validateTags(tags: readonly TagReference[]): readonly FieldCause[] {
  const causes = tags.flatMap((tag) => validateTag(tag, `spec.tags[${tag.name}]`));
  if (tags.length <= MAX_TAGS) return causes;
  return [fieldInvalid('spec.tags', tags.length, `at most ${MAX_TAGS} tags are allowed`)];
}

function validateTag(tag: TagReference, path: string): readonly FieldCause[] {
  if (tag.name === '') return [fieldRequired(`${path}.name`, 'a tag needs a name')];
  const causes = [...validateSchedule(tag.annotations, `${path}.annotations`)];
  if (tag.name.length > MAX_TAG_NAME_LENGTH) {
    const detail = `must be at most ${MAX_TAG_NAME_LENGTH} characters long`;
    causes.push(fieldInvalid(`${path}.name`, tag.name, detail));
  }
  if (!tag.name.isWellFormed()) {
    // Half a character would come back from the store as another one, and the tag would never be found again.
    causes.push(fieldInvalid(`${path}.name`, tag.name.toWellFormed(), 'must be valid Unicode'));
  }
  if (tag.from) causes.push(...validateFrom(tag, path));
  return causes;
}

function validateFrom(tag: TagReference, path: string): readonly FieldCause[] {
  const kind = tag.from?.kind ?? '';
  const name = tag.from?.name ?? '';
  if (!FROM_KINDS.includes(kind)) return [fieldRequired(`${path}.from.kind`, FROM_KINDS_DETAIL)];
  if (name === '') return [fieldRequired(`${path}.from.name`)];
  if (kind === 'DockerImage') {
    const parsed = parseImageReference(name);
    return parsed.ok ? [] : [fieldInvalid(`${path}.from.name`, name, parsed.message)];
  }
  if (tag.importPolicy.scheduled !== true) return [];
  return [fieldInvalid(`${path}.importPolicy.scheduled`, true, SCHEDULED_DETAIL)];
}

function validateSchedule(
  annotations: Readonly<Record<string, string>> | null | undefined,
  path: string,
): readonly FieldCause[] {
  const text = annotations?.[SCHEDULE_ANNOTATION];
  if (text === undefined) return [];
  const parsed = parseSchedule(text);
  if (parsed.ok) return [];
  return [fieldInvalid(`${path}[${SCHEDULE_ANNOTATION}]`, text, parsed.message)];
}
