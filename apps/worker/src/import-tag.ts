import {
  type Digest,
  formatImageReference,
  type ImageReference,
  isDigest,
  parseImageReference,
  pinReference,
  resolveReference,
} from '@tagtrail/image-reference';
import {
  type ImageDocument,
  type ImageDocumentStore,
  type ImportOutcome,
  NO_POLICY,
  type RegistryPolicy,
  refusalOf,
} from '@tagtrail/image-stream';
import type { ImportJob } from '@tagtrail/import-contract';
import { isSchema1Type, type Platform, SCHEMA1_UNSUPPORTED } from '@tagtrail/oci';
import type { CredentialLookup, RegistryClient, RepositoryTarget } from '@tagtrail/registry-client';
import type { PullSecretCredentials } from '@tagtrail/upstream-registries';
import { collectImage } from './collect-image.ts';
import { importFailure } from './import-failure.ts';

/** A tag may move, and its old manifest go, between HEAD and GET; then the look starts over, this often at most. */
const MAX_LOOKS = 3;

export interface ImportDependencies {
  readonly registry: RegistryClient;
  readonly images: Pick<ImageDocumentStore, 'save'>;
  /** All registries when absent. */
  readonly registries?: RegistryPolicy;
  /** Absent: all namespaces have the client's credentials. */
  readonly namespaces?: Pick<PullSecretCredentials, 'lookupFor'>;
}

/** One source, parsed once. */
export interface ImportSource {
  readonly reference: ImageReference;
  readonly target: RepositoryTarget;
  /** What is asked for: the digest if the source names one, else the tag. */
  readonly wanted: string;
  readonly preferred: Partial<Pick<Platform, 'architecture' | 'os'>>;
}

/**
 * Looks at one tag: one HEAD when nothing moved; else manifest, choice by import mode, config, each verified, saved as
 * documents before the outcome is told. Every failure that a registry or a definition can cause is an outcome.
 * @throws StoreError when the documents cannot be saved, PullSecretStoreError when the namespace's secrets cannot be read
 */
export async function importTag(
  job: ImportJob,
  dependencies: ImportDependencies,
  signal: AbortSignal,
): Promise<ImportOutcome> {
  const parsed = parseImageReference(job.from);
  if (!parsed.ok) {
    return importFailure('InvalidReference', `"${job.from.slice(0, 256)}": ${parsed.message}`);
  }
  // Definitions of before a rule, and of archives, were not asked.
  const refusal = refusalOf(dependencies.registries ?? NO_POLICY, job);
  if (refusal !== undefined) return importFailure('Forbidden', refusal);
  const credentials = await dependencies.namespaces?.lookupFor(job);
  const source = importSource(parsed.reference, job, credentials);
  for (let looks = 1; ; looks += 1) {
    const outcome = await lookOnce(job, source, { ...dependencies, signal });
    if (outcome !== 'moved') return outcome;
    if (looks === MAX_LOOKS)
      return importFailure(
        'NotFound',
        `${job.from}: the manifest went away under ${MAX_LOOKS} looks in a row; it is tried again`,
      );
  }
}

interface Look extends ImportDependencies {
  readonly signal: AbortSignal;
}

async function lookOnce(
  job: ImportJob,
  source: ImportSource,
  look: Look,
): Promise<ImportOutcome | 'moved'> {
  const { registry, signal } = look;
  const head = await registry.headManifest(source.target, source.wanted, signal);
  if (isSchema1Type(head.mediaType ?? '')) {
    return importFailure('UnsupportedManifest', `${job.from}: ${SCHEMA1_UNSUPPORTED}`);
  }
  if (head.digest !== undefined && isKnown(job, head.digest)) return unchanged(job, head.digest);
  const wanted = head.digest ?? source.wanted;
  const found = await orMoved(registry.fetchManifest(source.target, wanted, signal), head.digest);
  if (found === 'moved') return found;
  if (isKnown(job, found.digest)) return unchanged(job, found.digest);
  const wantedImage = { mode: job.importMode, preferred: source.preferred };
  const fetcher = { registry, target: source.target, signal };
  const collected = await collectImage(wantedImage, found, fetcher);
  if (!collected.ok) return importFailure(collected.reason, `${job.from}: ${collected.message}`);
  await look.images.save(collected.images.map((image) => document(source, image)));
  return {
    kind: 'imported',
    upstreamDigest: found.digest,
    image: collected.chosen,
    dockerImageReference: pinned(source, collected.chosen),
  };
}

function importSource(
  reference: ImageReference,
  job: ImportJob,
  credentials: CredentialLookup | undefined,
): ImportSource {
  const { registry, endpoint, repository, tag, digest } = resolveReference(reference);
  // A digest says which entry it means; the preference is for tags only.
  const { preferArchitecture, preferOs } = job;
  const preferred =
    digest === undefined
      ? {
          ...(preferArchitecture === undefined ? {} : { architecture: preferArchitecture }),
          ...(preferOs === undefined ? {} : { os: preferOs }),
        }
      : {};
  const place = { registry, endpoint, repository, insecure: job.insecure };
  const target = { ...place, ...(credentials && { credentials }) };
  return { reference, target, wanted: digest ?? tag ?? 'latest', preferred };
}

function isKnown(job: ImportJob, digest: Digest): boolean {
  return job.known?.upstreamDigest === digest;
}

function unchanged(job: ImportJob, upstreamDigest: Digest): ImportOutcome {
  return { kind: 'unchanged', upstreamDigest, image: job.known?.image ?? upstreamDigest };
}

/** Only a digest that a HEAD has just named can have moved away; a missing tag is a missing tag. */
async function orMoved<T>(fetched: Promise<T>, named: Digest | undefined): Promise<T | 'moved'> {
  try {
    return await fetched;
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'NotFound';
    if (named !== undefined && gone) return 'moved';
    throw error;
  }
}

function document(
  source: ImportSource,
  image: Omit<ImageDocument, 'dockerImageReference'>,
): ImageDocument {
  return { ...image, dockerImageReference: pinned(source, image.digest) };
}

function pinned({ reference }: ImportSource, digest: string): string {
  return isDigest(digest) ? formatImageReference(pinReference(reference, digest)) : '';
}
