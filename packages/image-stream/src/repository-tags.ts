import type { CheckState } from './check-state.ts';
import {
  type ImageStream,
  INSECURE_REPOSITORY_ANNOTATION,
  REPOSITORY_CHECK_ANNOTATION,
  type TagReference,
} from './image-stream.ts';
import { isImportable } from './importable.ts';
import { type Cadence, resolveCadence } from './resolve-cadence.ts';

/** Stands for the listing of `spec.dockerImageRepository` among a stream's check states; no tag can be called so. */
export const LISTING_TAG = '*';

/** Tags of a listed repository that are imported; the rest is only named. Source: OpenShift's default. */
export const LISTED_TAGS_IMPORTED = 50;

/**
 * The definition of a tag that a stream has only because it follows a repository: it is written into the spec by its
 * first success. Undefined when the stream follows none.
 */
export function repositoryTag(stream: ImageStream, name: string): TagReference | undefined {
  const repository = stream.spec.dockerImageRepository ?? '';
  if (repository === '' || name === LISTING_TAG) return undefined;
  return {
    name,
    annotations: null,
    from: { kind: 'DockerImage', name: `${repository}:${name}` },
    importPolicy: { importMode: 'Legacy' },
    referencePolicy: { type: 'Source' },
  };
}

/** The importable definition that a check state is about: the spec's, or one that a followed repository gives. */
export function checkedTag(stream: ImageStream, name: string): TagReference | undefined {
  const defined = stream.spec.tags?.find((entry) => entry.name === name);
  if (defined !== undefined) return isImportable(defined) ? defined : undefined;
  return repositoryTag(stream, name);
}

/** Where a stream's repository is listed; undefined when it follows none that can be read. */
export function listingCadence(stream: ImageStream): Cadence | undefined {
  // Any tag of it has the same host and repository.
  const tag = repositoryTag(stream, 'latest');
  const cadence = tag && resolveCadence(stream, tag);
  return cadence && { ...cadence, schedule: null };
}

/**
 * True when the repository must be listed (again): it is new or another one, its transport changed, or the mark of the
 * first import was taken off. Source: OpenShift's controller, which takes that mark for "initial import done".
 */
export function asksForListing(before: ImageStream | undefined, after: ImageStream): boolean {
  if (before === undefined) return true;
  const wasMarked = annotation(before, REPOSITORY_CHECK_ANNOTATION) !== '';
  return (
    before.spec.dockerImageRepository !== after.spec.dockerImageRepository ||
    annotation(before, INSECURE_REPOSITORY_ANNOTATION) !==
      annotation(after, INSECURE_REPOSITORY_ANNOTATION) ||
    (wasMarked && annotation(after, REPOSITORY_CHECK_ANNOTATION) === '')
  );
}

/** Names of tags whose check state exists because of the repository alone. */
export function isRepositoryCheck(
  stream: ImageStream | undefined,
  name: string,
  states: ReadonlyMap<string, CheckState>,
): boolean {
  return (
    stream !== undefined &&
    name !== LISTING_TAG &&
    (stream.spec.dockerImageRepository ?? '') !== '' &&
    states.has(name) &&
    !(stream.spec.tags ?? []).some((tag) => tag.name === name)
  );
}

function annotation(stream: ImageStream, name: string): string {
  return stream.metadata.annotations?.[name] ?? '';
}
