import {
  type FieldCause,
  fieldInvalid,
  fieldRequired,
  validateAnnotations,
  validateLabels,
} from '@tagtrail/apimachinery';
import { parseImageReference } from '@tagtrail/image-reference';
import { type ImageStream, SCHEDULE_ANNOTATION, type TagReference } from './image-stream.ts';
import type { StreamKey } from './image-stream-store.ts';
import { registryAlone } from './registry-alone.ts';
import { parseSchedule } from './schedule.ts';
import { parseTagSource } from './upsert-tag-source.ts';

const NAME_PATTERN = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
/** Repository names are at most 255 characters, and `namespace/name` is one. */
const MAX_REPOSITORY_LENGTH = 255;
/** A tag's name is a field of a record and part of schedule entries; registries allow 128. */
const MAX_TAG_NAME_LENGTH = 128;
/** Keeps one object, its change-log entries and its watch frames within about a MiB. */
export const MAX_TAGS = 1000;
const FROM_KINDS_DETAIL = "valid values are 'DockerImage', 'ImageStreamImage', 'ImageStreamTag'";
const ALONE_DETAIL = 'names a registry without a repository; write';
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
    ...validateTags(stream),
  ];
}

function validateName(namespace: string, name: string): readonly FieldCause[] {
  const field = 'metadata.name';
  if (name === '') return [fieldRequired(field, 'name or generateName is required')];
  const causes = nameProblems(name).map((detail) => fieldInvalid(field, name, detail));
  if (namespace.length + 1 + name.length > MAX_REPOSITORY_LENGTH) {
    const detail = `'namespace/name' cannot be longer than ${MAX_REPOSITORY_LENGTH} characters`;
    causes.push(fieldInvalid(field, name, detail));
  }
  return causes;
}

/** What a path may not hold comes first, and alone. Source: Kubernetes, names of path segments. */
function nameProblems(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  const found = ['/', '%'].filter((text) => name.includes(text));
  if (found.length > 0) return found.map((text) => `may not contain '${text}'`);
  return NAME_PATTERN.test(name) ? [] : ['must match "[a-z0-9]+(?:[._-][a-z0-9]+)*"'];
}

function validateRepository(repository: string | undefined): readonly FieldCause[] {
  if (repository === undefined) return [];
  const refuse = (detail: string) => fieldInvalid('spec.dockerImageRepository', repository, detail);
  const registry = registryAlone(repository);
  if (registry !== undefined) return [refuse(`${ALONE_DETAIL} ${registry}/REPOSITORY`)];
  const parsed = parseImageReference(repository);
  if (!parsed.ok) return [refuse(parsed.message)];
  const { digest, tag } = parsed.reference;
  return [
    ...(tag === undefined ? [] : [refuse('the repository name may not contain a tag')]),
    ...(digest === undefined ? [] : [refuse('the repository name may not contain an ID')]),
  ];
}

function validateTags({ metadata, spec: { tags = [] } }: ImageStream): readonly FieldCause[] {
  if (tags.length > MAX_TAGS) {
    return [fieldInvalid('spec.tags', tags.length, `at most ${MAX_TAGS} tags are allowed`)];
  }
  const own = { namespace: metadata.namespace ?? '', name: metadata.name };
  return tags.flatMap((tag) => [
    ...validateTag(tag, `spec.tags[${tag.name}]`),
    ...validateFrom(tag, `spec.tags[${tag.name}]`, own),
  ]);
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
  return causes;
}

/** The kind and the name are wrong each for itself. */
function validateFrom(tag: TagReference, path: string, own: StreamKey): readonly FieldCause[] {
  const { from, importPolicy } = tag;
  if (from === undefined || from === null) return [];
  const isNamed = from.name !== '';
  const causes = isNamed ? [] : [fieldRequired(`${path}.from.name`)];
  if (from.kind === 'DockerImage') {
    return isNamed ? validateReference(from.name, `${path}.from.name`) : causes;
  }
  if (from.kind !== 'ImageStreamTag' && from.kind !== 'ImageStreamImage') {
    return [...causes, fieldRequired(`${path}.from.kind`, FROM_KINDS_DETAIL)];
  }
  const parsed = parseTagSource(tag, own);
  if (isNamed && !parsed.ok) causes.push(parsed.cause);
  if (importPolicy.scheduled === true) {
    causes.push(fieldInvalid(`${path}.importPolicy.scheduled`, true, SCHEDULED_DETAIL));
  }
  return causes;
}

function validateReference(name: string, field: string): readonly FieldCause[] {
  const registry = registryAlone(name);
  if (registry !== undefined) {
    return [fieldInvalid(field, name, `${ALONE_DETAIL} ${registry}/REPOSITORY[:TAG]`)];
  }
  const parsed = parseImageReference(name);
  return parsed.ok ? [] : [fieldInvalid(field, name, parsed.message)];
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
