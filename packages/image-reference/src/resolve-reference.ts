import type { Digest } from './digest.ts';
import type { ImageReference } from './image-reference.ts';

/** Where a reference leads once Docker's defaults are applied. */
export interface ResolvedReference {
  /** Canonical registry: lower case, `docker.io` for every alias of Docker Hub. Key of schedules and credentials. */
  readonly registry: string;
  /** `host` or `host:port` to dial. */
  readonly endpoint: string;
  /** Full path, with `library/` for Docker Hub's official images. */
  readonly repository: string;
  /** `latest` when the reference names neither tag nor digest. */
  readonly tag?: string;
  readonly digest?: Digest;
}

const HUB = 'docker.io';
const HUB_ENDPOINT = 'registry-1.docker.io';
const HUB_ALIASES: ReadonlySet<string> = new Set([
  HUB,
  'index.docker.io',
  HUB_ENDPOINT,
  'registry.hub.docker.com',
]);
const HUB_OFFICIAL_PREFIX = 'library/';
const DEFAULT_PORT = ':443';
const DEFAULT_TAG = 'latest';

/**
 * Applies Docker's defaults. A reference with tag and digest keeps both: the digest decides what
 * is pulled, the tag tells where it came from.
 */
export function resolveReference(reference: ImageReference): ResolvedReference {
  const { tag, digest } = reference;
  return {
    ...resolveLocation(reference),
    ...(digest !== undefined && { digest }),
    ...(tag !== undefined && { tag }),
    ...(tag === undefined && digest === undefined && { tag: DEFAULT_TAG }),
  };
}

/** Host names are case-insensitive, so one registry must not get two keys. */
function resolveLocation(
  reference: ImageReference,
): Pick<ResolvedReference, 'registry' | 'endpoint' | 'repository'> {
  const { repository } = reference;
  const written = (reference.registry ?? HUB).toLowerCase();
  // The port that is meant anyway makes no other registry.
  const registry = written.endsWith(DEFAULT_PORT)
    ? written.slice(0, -DEFAULT_PORT.length)
    : written;
  if (!HUB_ALIASES.has(registry)) return { registry, endpoint: registry, repository };
  return {
    registry: HUB,
    endpoint: HUB_ENDPOINT,
    repository: repository.includes('/') ? repository : `${HUB_OFFICIAL_PREFIX}${repository}`,
  };
}
