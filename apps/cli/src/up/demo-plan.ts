import { parseImageReference } from '@tagtrail/image-reference';
import { isJsonObject, type JsonObject, objectMember, textMember } from '../json-object.ts';
import { formatPushedTag, type PushedTag } from '../simulator/pushed-tag.ts';
import type { PlacedManifest } from '../streams/file-streams.ts';

/** The registry that the examples name: where the simulator listens unless the port is taken. */
export const DEMO_PORT = 5451;
export const DEMO_REGISTRY = `127.0.0.1:${DEMO_PORT}`;
export const DEMO_NAMESPACE = 'demo';

/** What the simulator serves tags with `importMode: PreserveOriginal` as: an index over these. */
const DEMO_PLATFORMS = ['linux/amd64', 'linux/arm64'];

export interface DemoPlan {
  /** The examples, naming `registry`. */
  readonly manifests: readonly PlacedManifest[];
  /** Tags that are looked at again and again: the simulator moves them. As `simulate-registry` reads them. */
  readonly moving: readonly string[];
  /** Tags that are looked at once. */
  readonly still: readonly string[];
}

/** Reads out of the examples what the simulator must serve, and makes them name the registry where it listens. */
export function planDemo(manifests: readonly PlacedManifest[], registry: string): DemoPlan {
  const wanted = manifests.flatMap(({ object }) => specTags(object).flatMap(wantedPush));
  const spell = (tags: typeof wanted) => [
    ...new Set(tags.map(({ push }) => formatPushedTag(push))),
  ];
  const moving = spell(wanted.filter(({ scheduled }) => scheduled));
  const still = spell(wanted.filter(({ scheduled }) => !scheduled));
  return {
    manifests: manifests.map((one) => ({ ...one, object: atRegistry(one.object, registry) })),
    moving,
    still: still.filter((tag) => !moving.includes(tag)),
  };
}

function wantedPush(tag: JsonObject): readonly { push: PushedTag; scheduled: boolean }[] {
  const from = fromDemoRegistry(tag);
  const parsed = from === undefined ? undefined : parseImageReference(from);
  if (parsed?.ok !== true || parsed.reference.digest !== undefined) return [];
  const policy = objectMember(tag, 'importPolicy');
  const push = {
    repository: parsed.reference.repository,
    tag: parsed.reference.tag ?? 'latest',
    platforms: policy['importMode'] === 'PreserveOriginal' ? DEMO_PLATFORMS : [],
  };
  return [{ push, scheduled: policy['scheduled'] === true }];
}

function atRegistry(object: JsonObject, registry: string): JsonObject {
  const tags = specTags(object).map((tag) => {
    const from = fromDemoRegistry(tag);
    if (from === undefined) return tag;
    const name = `${registry}${from.slice(DEMO_REGISTRY.length)}`;
    return { ...tag, from: { ...objectMember(tag, 'from'), name } };
  });
  return { ...object, spec: { ...objectMember(object, 'spec'), tags } };
}

function fromDemoRegistry(tag: JsonObject): string | undefined {
  const name = textMember(objectMember(tag, 'from'), 'name');
  return name?.startsWith(`${DEMO_REGISTRY}/`) === true ? name : undefined;
}

function specTags(object: JsonObject): readonly JsonObject[] {
  const tags = objectMember(object, 'spec')['tags'];
  return Array.isArray(tags) ? tags.filter(isJsonObject) : [];
}
