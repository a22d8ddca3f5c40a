import { parseImageReference } from '@tagtrail/image-reference';
import {
  type ImageStream,
  type NamedTagEventList,
  REPOSITORY_CHECK_ANNOTATION,
  type TagReference,
} from './image-stream.ts';

/** True for a spec tag that an import can follow. Source: OpenShift image stream controller, "importable". */
export function isImportable(tag: TagReference): boolean {
  return tag.from?.kind === 'DockerImage' && tag.reference !== true;
}

/** The status entry of a tag, if it has one. */
export function statusTag(stream: ImageStream, tag: string): NamedTagEventList | undefined {
  return stream.status.tags?.find((entry) => entry.tag === tag);
}

/** The newest generation an import of the tag was recorded for, successful or not; 0 if none. */
export function observedGeneration(status: NamedTagEventList | undefined): number {
  const item = status?.items?.[0]?.generation ?? 0;
  const condition = status?.conditions?.find((entry) => entry.type === 'ImportSuccess');
  return Math.max(item, condition?.generation ?? 0);
}

/** True when the tag's intent is newer than what was recorded. A missing generation counts as pending. */
export function isPending(stream: ImageStream, tag: TagReference): boolean {
  if (!isImportable(tag)) return false;
  if (tag.generation === undefined || tag.generation === null) return true;
  return tag.generation > observedGeneration(statusTag(stream, tag.name));
}

/**
 * The tags that must be imported because of the record alone, in spec order.
 * A stream whose tags are all observed, or that has no importable tag, needs nothing.
 */
export function pendingTags(stream: ImageStream): readonly TagReference[] {
  const tags = stream.spec.tags ?? [];
  const checked = (stream.metadata.annotations?.[REPOSITORY_CHECK_ANNOTATION] ?? '') !== '';
  const triggered = checked
    ? tags.some((tag) => typeof tag.generation === 'number' && isPending(stream, tag))
    : tags.some(isImportable);
  return triggered ? tags.filter((tag) => isPending(stream, tag)) : [];
}

/**
 * True when a tag is looked at again and again: importable, scheduled, readable, and not a digest that was
 * already imported (a digest cannot move; until its first success it is retried).
 */
export function isSchedulable(stream: ImageStream, tag: TagReference): boolean {
  if (!isImportable(tag) || tag.importPolicy.scheduled !== true) return false;
  const parsed = parseImageReference(tag.from?.name ?? '');
  if (!parsed.ok) return false;
  if (parsed.reference.digest === undefined) return true;
  return statusTag(stream, tag.name)?.items?.[0]?.generation !== tag.generation;
}
