import { buffer } from 'node:stream/consumers';
import type { BlobStore } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import type { ImageDocumentStore, ImageStream } from '@tagtrail/image-stream';
import type { BlobOrigins } from '../blobs/blob-origins.ts';
import { RegistryFault } from '../registry-fault.ts';
import { digestIn } from './image-contents.ts';
import { LruMap } from './lru-map.ts';
import { isOf, type ManifestDocuments, type ServedManifest } from './manifest-documents.ts';
import type { ReferrerLists } from './referrer-lists.ts';
import type { StreamBlob, StreamContents } from './stream-contents.ts';
import type { UpstreamImages } from './upstream-images.ts';

/** Manifests known to belong to streams, over all of them; an entry takes some 200 bytes. */
const MAX_KNOWN = 100_000;
/** Bytes of a stored manifest. Source: distribution-spec, "Pushing Manifests": 4 MiB should be supported. */
const MANIFEST_LIMIT = 4 * 1024 * 1024;
/** Referrers of referrers of …: a signature of an SBOM of an image is three. */
const MAX_REFERRAL = 8;
/** Referrers looked through for one blob. */
const MAX_REFERRERS_READ = 1_000;

export interface StreamImagesParts {
  readonly documents: ManifestDocuments;
  readonly contents: StreamContents;
  readonly images: Pick<ImageDocumentStore, 'belongsTo'>;
  readonly referrers: Pick<ReferrerLists, 'subjectOf' | 'listed'>;
  readonly upstream: Pick<UpstreamImages, 'fetchManifest'>;
  readonly origins: Pick<BlobOrigins, 'mayShare' | 'add'>;
  readonly store: Pick<BlobStore, 'open' | 'create'>;
}

/** Where something was taken from; a client is told. */
export type Provenance = 'record' | 'copy' | 'upstream';

export interface FoundManifest {
  readonly manifest: ServedManifest;
  readonly from: Provenance;
}

/** Why a manifest belongs to a stream: by its history, or because an upstream listed it as a referrer. */
interface Membership {
  /** What it was listed as referrer of. */
  readonly subject?: Digest;
}

/** What belongs to a stream, and nothing else: manifests by tag or digest, and the blobs they name. */
export class StreamImages {
  readonly #parts: StreamImagesParts;
  /** `uid digest`. */
  readonly #members = new LruMap<string, Membership>(MAX_KNOWN);
  readonly #fetching = new Map<Digest, Promise<FoundManifest>>();

  constructor(parts: StreamImagesParts) {
    this.#parts = parts;
  }

  /** What the record says that a tag is at: never asks upstream. Throws {@link RegistryFault} `MANIFEST_UNKNOWN`. */
  digestOf(stream: ImageStream, tag: string): Digest {
    const list = stream.status.tags?.find((one) => one.tag === tag);
    const digest = digestIn(list?.items?.[0]?.image);
    if (digest !== undefined) return digest;
    throw new RegistryFault('MANIFEST_UNKNOWN', `${nameOf(stream)}:${tag}: ${whyNot(list)}`);
  }

  /** Throws RegistryFault `MANIFEST_UNKNOWN`, NoUpstreamError, StoreError. */
  async manifest(stream: ImageStream, digest: Digest): Promise<FoundManifest> {
    const { subject } = await this.#checkMember(stream, digest);
    // A history proves that the stream's own upstream has it; a list of referrers proves nothing.
    const isProven = subject === undefined || (await this.#parts.origins.mayShare(stream, digest));
    const found = isProven ? await this.#find(stream, digest) : await this.#prove(stream, digest);
    // Whoever names another stream's manifest as a referrer would get at it otherwise.
    if (subject !== undefined && found.manifest.contents.subject !== subject) {
      throw noMember(stream, digest);
    }
    this.#parts.contents.note(stream, found.manifest);
    return found;
  }

  /** Throws RegistryFault `BLOB_UNKNOWN`, StoreError. */
  async blob(stream: ImageStream, digest: Digest): Promise<StreamBlob> {
    const { contents } = this.#parts;
    const found =
      (await contents.find(stream, digest)) ?? (await this.#inReferrers(stream, digest));
    if (found !== undefined) return found;
    const asManifest = await this.#asManifest(stream, digest);
    if (asManifest !== undefined) return asManifest;
    throw new RegistryFault(
      'BLOB_UNKNOWN',
      `${nameOf(stream)}: no image of this stream has blob ${digest}`,
    );
  }

  /** Clients find referrers by their lists, and may have got the manifest from another registry process. */
  async #inReferrers(stream: ImageStream, digest: Digest): Promise<StreamBlob | undefined> {
    const { contents, referrers } = this.#parts;
    const listed = await referrers.listed(stream);
    for (const referrer of listed.slice(0, MAX_REFERRERS_READ)) {
      if (contents.hasSeen(stream, referrer)) continue;
      await this.#noteCopy(stream, referrer);
      const found = contents.known(stream, digest);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Takes note of a referrer, as far as that needs no upstream. */
  async #noteCopy(stream: ImageStream, digest: Digest): Promise<void> {
    const { documents, contents } = this.#parts;
    const membership = await this.#membershipOf(stream, digest);
    const manifest = (await documents.read(digest)) ?? (await this.#admitCopy(digest));
    if (membership === undefined || manifest === undefined) return;
    const { subject } = membership;
    const isProven = subject === undefined || (await this.#parts.origins.mayShare(stream, digest));
    if (isProven && (subject === undefined || subject === manifest.contents.subject)) {
      contents.note(stream, manifest);
    }
  }

  /** Manifests are blobs, too; some clients ask for them as such. */
  async #asManifest(stream: ImageStream, digest: Digest): Promise<StreamBlob | undefined> {
    if (!(await this.isMember(stream, digest))) return undefined;
    const { manifest } = await this.manifest(stream, digest);
    return { digest, size: manifest.bytes.length, holders: new Set([digest]) };
  }

  /** Whether a manifest belongs to the stream: by a history, as part of such an image, or as a referrer of one. */
  async isMember(stream: ImageStream, digest: Digest): Promise<boolean> {
    return (await this.#membershipOf(stream, digest)) !== undefined;
  }

  /** Whether manifests of the stream may refer to this one: what is referred to need not be there itself. Throws StoreError. */
  async mayHaveReferrers(stream: ImageStream, digest: Digest): Promise<boolean> {
    return this.#mayBeSubject(stream, digest, 0);
  }

  async #mayBeSubject(stream: ImageStream, digest: Digest, depth: number): Promise<boolean> {
    if ((await this.#membershipOf(stream, digest, depth)) !== undefined) return true;
    return this.#parts.contents.isSubject(stream, digest);
  }

  async #membershipOf(
    stream: ImageStream,
    digest: Digest,
    depth = 0,
  ): Promise<Membership | undefined> {
    const uid = stream.metadata.uid ?? '';
    const key = `${uid} ${digest}`;
    const known = this.#members.get(key);
    if (known !== undefined) return known;
    const { images } = this.#parts;
    const isOwn = isRecorded(stream, digest) || (await images.belongsTo(uid, digest));
    const found = isOwn ? {} : await this.#referralOf(stream, digest, depth);
    if (found !== undefined) this.#members.set(key, found);
    return found;
  }

  async #referralOf(
    stream: ImageStream,
    digest: Digest,
    depth: number,
  ): Promise<Membership | undefined> {
    if (depth >= MAX_REFERRAL) return undefined;
    const subject = digestIn(await this.#parts.referrers.subjectOf(stream, digest));
    if (subject === undefined) return undefined;
    return (await this.#mayBeSubject(stream, subject, depth + 1)) ? { subject } : undefined;
  }

  async #checkMember(stream: ImageStream, digest: Digest): Promise<Membership> {
    const membership = await this.#membershipOf(stream, digest);
    if (membership === undefined) throw noMember(stream, digest);
    return membership;
  }

  async #find(stream: ImageStream, digest: Digest): Promise<FoundManifest> {
    const { documents } = this.#parts;
    const recorded = documents.kept(digest) ?? (await documents.read(digest));
    if (recorded !== undefined) return { manifest: recorded, from: 'record' };
    const fetching = this.#fetching.get(digest) ?? this.#fetch(stream, digest);
    this.#fetching.set(digest, fetching);
    try {
      return await fetching;
    } finally {
      this.#fetching.delete(digest);
    }
  }

  async #fetch(stream: ImageStream, digest: Digest): Promise<FoundManifest> {
    const kept = await this.#admitCopy(digest);
    return kept === undefined ? this.#prove(stream, digest) : { manifest: kept, from: 'copy' };
  }

  /** Asks the stream's own upstream, whatever others have got. */
  async #prove(stream: ImageStream, digest: Digest): Promise<FoundManifest> {
    const { documents, upstream } = this.#parts;
    const origin = { stream, holders: new Set<string>([digest]) };
    const { text, mediaType, deliverer } = await upstream.fetchManifest(origin, digest);
    const manifest = documents.admit(digest, text, mediaType);
    if (manifest === undefined) throw notAManifest(stream, digest);
    await this.#keepCopy(manifest);
    await this.#parts.origins.add(digest, deliverer);
    return { manifest, from: 'upstream' };
  }

  async #admitCopy(digest: Digest): Promise<ServedManifest | undefined> {
    const copy = await this.#readCopy(digest);
    return copy && this.#parts.documents.admit(digest, copy.toString(), undefined);
  }

  async #readCopy(digest: Digest): Promise<Buffer | undefined> {
    const held = await this.#parts.store.open(digest);
    if (held === undefined) return undefined;
    try {
      if (held.size > MANIFEST_LIMIT) return undefined;
      const bytes = await buffer(held.read());
      return isOf(digest, bytes) ? bytes : undefined;
    } finally {
      await held[Symbol.asyncDispose]();
    }
  }

  /** A full store is no reason not to serve what is there. */
  async #keepCopy({ digest, bytes }: ServedManifest): Promise<void> {
    const draft = await this.#parts.store.create(digest, bytes.length).catch(() => undefined);
    if (draft === undefined) return;
    try {
      await draft.write(bytes);
      await draft.commit();
    } catch {
      // It is asked for upstream again next time.
    } finally {
      await draft[Symbol.asyncDispose]();
    }
  }
}

function noMember(stream: ImageStream, digest: Digest): RegistryFault {
  const what = 'no tag of this stream was ever at it, nor at an image that it is part of';
  return new RegistryFault('MANIFEST_UNKNOWN', `${nameOf(stream)}@${digest}: ${what}`);
}

function isRecorded(stream: ImageStream, digest: Digest): boolean {
  return (stream.status.tags ?? []).some(({ items }) =>
    items?.some(({ image }) => image === digest),
  );
}

/** Why a tag is at nothing; the newest failure is worth more than any word of ours. */
function whyNot(list: NonNullable<ImageStream['status']['tags']>[number] | undefined): string {
  const failed = list?.conditions?.find(({ status }) => status === 'False');
  if (failed !== undefined) return `nothing was imported yet: ${failed.message}`;
  return list === undefined ? 'the stream has no such tag' : 'nothing was imported yet';
}

function notAManifest(stream: ImageStream, digest: Digest): RegistryFault {
  const message = `${nameOf(stream)}@${digest}: the registry sent something that is no manifest`;
  return new RegistryFault('UNAVAILABLE', message, { status: 502 });
}

export function nameOf({ metadata }: ImageStream): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
