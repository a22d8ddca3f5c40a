import type { ImageStream, TagReference } from './image-stream.ts';
import { statusTag } from './importable.ts';

/** What a consumer of an image stream tag pulls. */
export type ResolvedPullSpec =
  | {
      readonly ok: true;
      readonly pullSpec: string;
      /** The definition is newer than what was imported; this is the last known good. */
      readonly hasNewer: boolean;
      /** Nothing was imported yet: the spec names where it will be. */
      readonly isEmpty: boolean;
    }
  | { readonly ok: false; readonly message: string };

const DEFAULT_TAG = 'latest';

/**
 * The pull spec of a tag: under `Local` the image through our own registry, under `Source` where it came from.
 * An import under way does not count: the last known good is served until it ends.
 * Source: OpenShift `ResolveLatestTaggedImage` and `ResolveRecentPullSpecForTag`.
 */
export function resolvePullSpec(stream: ImageStream, tag: string): ResolvedPullSpec {
  const name = tag === '' ? DEFAULT_TAG : tag;
  const spec = stream.spec.tags?.find((entry) => entry.name === name);
  const head = statusTag(stream, name)?.items?.[0];
  if (head === undefined) return resolveEmpty(stream, name, spec);
  const hasNewer = typeof spec?.generation === 'number' && spec.generation > head.generation;
  const { dockerImageRepository } = stream.status;
  const local =
    spec?.referencePolicy.type === 'Local' && dockerImageRepository !== '' && head.image !== '';
  const pullSpec = local ? `${dockerImageRepository}@${head.image}` : head.dockerImageReference;
  return { ok: true, pullSpec, hasNewer, isEmpty: false };
}

function resolveEmpty(
  stream: ImageStream,
  name: string,
  spec: TagReference | undefined,
): ResolvedPullSpec {
  const { dockerImageRepository } = stream.status;
  if (spec?.from?.kind === 'DockerImage' && spec.referencePolicy.type === 'Source') {
    return { ok: true, pullSpec: spec.from.name, hasNewer: false, isEmpty: false };
  }
  if (spec === undefined)
    return { ok: false, message: `the tag "${name}" does not exist on the image stream` };
  if (dockerImageRepository === '') {
    return { ok: false, message: 'no image repository has been set on the image stream status' };
  }
  return { ok: true, pullSpec: `${dockerImageRepository}:${name}`, hasNewer: false, isEmpty: true };
}
