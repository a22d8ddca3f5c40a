import { type FieldCause, validateAnnotations, validateLabels } from '@tagtrail/apimachinery';
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

/** Everything wrong with a stream that a client wants stored. Source: OpenShift validation, messages included. */
export function validateImageStream(stream: ImageStream): readonly FieldCause[] {
  const { metadata, spec } = stream;
  const tags = spec.tags ?? [];
  return [
    ...validateName(metadata.namespace ?? '', metadata.name),
    ...validateLabels(metadata.labels, 'metadata.labels'),
    ...validateAnnotations(metadata.annotations, 'metadata.annotations'),
    ...validateSchedule(metadata.annotations, 'metadata.annotations'),
    ...validateRepository(spec.dockerImageRepository),
    ...(tags.length > MAX_TAGS
      ? [invalid('spec.tags', `has ${tags.length} tags, at most ${MAX_TAGS} are allowed`)]
      : []),
    ...tags.flatMap((tag) => validateTag(tag, `spec.tags[${tag.name}]`)),
  ];
}

function validateName(namespace: string, name: string): readonly FieldCause[] {
  if (name === '') return [required('metadata.name', 'name or generateName is required')];
  const causes: FieldCause[] = [];
  if (!NAME_PATTERN.test(name)) {
    causes.push(
      invalid(
        'metadata.name',
        `Invalid value: ${JSON.stringify(name.slice(0, 64))}: must match "[a-z0-9]+(?:[._-][a-z0-9]+)*"`,
      ),
    );
  }
  if (namespace.length + 1 + name.length > MAX_REPOSITORY_LENGTH) {
    causes.push(
      invalid(
        'metadata.name',
        `'namespace/name' cannot be longer than ${MAX_REPOSITORY_LENGTH} characters`,
      ),
    );
  }
  return causes;
}

function validateRepository(repository: string | undefined): readonly FieldCause[] {
  if (repository === undefined) return [];
  const field = 'spec.dockerImageRepository';
  const parsed = parseImageReference(repository);
  if (!parsed.ok)
    return [invalid(field, `Invalid value: ${JSON.stringify(repository)}: ${parsed.message}`)];
  if (parsed.reference.digest !== undefined)
    return [invalid(field, 'the repository name may not contain an ID')];
  if (parsed.reference.tag !== undefined)
    return [invalid(field, 'the repository name may not contain a tag')];
  return [];
}

function validateTag(tag: TagReference, path: string): readonly FieldCause[] {
  if (tag.name === '') return [required(`${path}.name`, 'a tag needs a name')];
  const causes = [...validateSchedule(tag.annotations, `${path}.annotations`)];
  if (tag.name.length > MAX_TAG_NAME_LENGTH) {
    causes.push(invalid(`${path}.name`, `must be at most ${MAX_TAG_NAME_LENGTH} characters long`));
  }
  if (tag.from) causes.push(...validateFrom(tag, path));
  return causes;
}

function validateFrom(tag: TagReference, path: string): readonly FieldCause[] {
  const kind = tag.from?.kind ?? '';
  const name = tag.from?.name ?? '';
  if (!FROM_KINDS.includes(kind)) {
    return [
      required(
        `${path}.from.kind`,
        `valid values are 'DockerImage', 'ImageStreamImage', 'ImageStreamTag'`,
      ),
    ];
  }
  if (name === '') return [required(`${path}.from.name`, '')];
  if (kind === 'DockerImage') {
    const parsed = parseImageReference(name);
    return parsed.ok
      ? []
      : [
          invalid(
            `${path}.from.name`,
            `Invalid value: ${JSON.stringify(name.slice(0, 128))}: ${parsed.message}`,
          ),
        ];
  }
  if (tag.importPolicy.scheduled !== true) return [];
  return [
    invalid(
      `${path}.importPolicy.scheduled`,
      'only tags pointing to Docker repositories may be scheduled for background import',
    ),
  ];
}

function validateSchedule(
  annotations: Readonly<Record<string, string>> | null | undefined,
  path: string,
): readonly FieldCause[] {
  const text = annotations?.[SCHEDULE_ANNOTATION];
  if (text === undefined) return [];
  const parsed = parseSchedule(text);
  return parsed.ok
    ? []
    : [invalid(`${path}[${SCHEDULE_ANNOTATION}]`, `Invalid value: ${parsed.message}`)];
}

function invalid(field: string, message: string): FieldCause {
  return { reason: 'FieldValueInvalid', field, message };
}

function required(field: string, detail: string): FieldCause {
  const message = detail === '' ? 'Required value' : `Required value: ${detail}`;
  return { reason: 'FieldValueRequired', field, message };
}
