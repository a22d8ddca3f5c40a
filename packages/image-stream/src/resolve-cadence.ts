import { parseImageReference, resolveReference } from '@tagtrail/image-reference';
import type { CheckState } from './check-state.ts';
import {
  type ImageStream,
  INSECURE_REPOSITORY_ANNOTATION,
  SCHEDULE_ANNOTATION,
  SUSPEND_ANNOTATION,
  type TagReference,
} from './image-stream.ts';
import { isSchedulable } from './importable.ts';

/** The part of a check state that follows from the stream's definition alone. */
export type Cadence = Pick<CheckState, 'host' | 'repository' | 'schedule' | 'suspended'>;

/** Resolves where and how often a tag is looked at; undefined when its source cannot be read. */
export function resolveCadence(stream: ImageStream, tag: TagReference): Cadence | undefined {
  const parsed = parseImageReference(tag.from?.name ?? '');
  if (!parsed.ok) return undefined;
  const { registry, repository } = resolveReference(parsed.reference);
  return {
    host: registry,
    repository: `${registry}/${repository}`,
    schedule: isSchedulable(stream, tag)
      ? (annotation(stream, tag, SCHEDULE_ANNOTATION) ?? '')
      : null,
    suspended: annotation(stream, tag, SUSPEND_ANNOTATION) === 'true',
  };
}

/** True when the tag or its stream, if there is one yet, allows unverified TLS and plain HTTP; either is enough. */
export function isInsecure(
  stream: ImageStream | undefined,
  { importPolicy }: Pick<TagReference, 'importPolicy'>,
): boolean {
  return (
    importPolicy.insecure === true ||
    stream?.metadata.annotations?.[INSECURE_REPOSITORY_ANNOTATION] === 'true'
  );
}

/** The tag's own annotation, else the stream's. */
function annotation(stream: ImageStream, tag: TagReference, name: string): string | undefined {
  return tag.annotations?.[name] ?? stream.metadata.annotations?.[name];
}
