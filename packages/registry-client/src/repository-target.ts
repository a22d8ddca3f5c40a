import { isDigest, isRegistryHost, isRepositoryName, isTagName } from '@tagtrail/image-reference';
import type { CredentialLookup } from './authorization/credential.ts';
import { RegistryError } from './registry-error.ts';

/** The repository to talk about, and how far to trust the way there. */
export interface RepositoryTarget {
  /** Canonical registry, `docker.io` for Docker Hub; credentials are looked up under it. */
  readonly registry: string;
  /** `host` or `host:port` to dial. */
  readonly endpoint: string;
  readonly repository: string;
  /** Accept unverified TLS, then plain HTTP. From the tag's importPolicy or the stream's annotation; reaches no other tag. */
  readonly insecure: boolean;
  /** In place of the client's: those of the namespace that asks. */
  readonly credentials?: CredentialLookup;
}

/** What every registry answers. Source: distribution-spec, "Determining Support". */
export const PING_PATH = '/v2/';

/** Targets that were checked: a look asks three times about one of them. */
const checked = new WeakSet<RepositoryTarget>();

/**
 * Paths are built from these parts as they are, so each must match its grammar: a stray `..` would leave `/v2/`.
 * Throws a {@link RegistryError}.
 */
export function checkTarget(target: RepositoryTarget): void {
  if (checked.has(target)) return;
  const { endpoint, repository } = target;
  if (!isRegistryHost(endpoint)) throw refuse('registry host', endpoint);
  if (!isRepositoryName(repository)) throw refuse('repository name', repository);
  checked.add(target);
}

/** `reference` is a tag or a digest. */
export function manifestPath({ repository }: RepositoryTarget, reference: string): string {
  if (!isDigest(reference) && !isTagName(reference)) throw refuse('tag or digest', reference);
  return `/v2/${repository}/manifests/${reference}`;
}

export function blobPath({ repository }: RepositoryTarget, digest: string): string {
  if (!isDigest(digest)) throw refuse('digest', digest);
  return `/v2/${repository}/blobs/${digest}`;
}

export function tagListPath({ repository }: RepositoryTarget): string {
  return `/v2/${repository}/tags/list`;
}

export function referrersPath({ repository }: RepositoryTarget, digest: string): string {
  if (!isDigest(digest)) throw refuse('digest', digest);
  return `/v2/${repository}/referrers/${digest}`;
}

/** How messages name the repository; the registry itself, where none is asked about. */
export function nameOf({ registry, repository }: RepositoryTarget): string {
  return repository === '' ? registry : `${registry}/${repository}`;
}

function refuse(what: string, text: string): RegistryError {
  return new RegistryError(
    'RegistryError',
    `not a valid ${what}: ${JSON.stringify(text.slice(0, 64))}`,
  );
}
