import { digestsIn } from '../image/digest.ts';
import type { ImageLayout, StoredManifest } from '../image/image-spec.ts';

/**
 * Manifests kept although no tag leads to them, so that a long demo does not fill the memory:
 * at one push a minute an image outlives its tag by 16 hours.
 */
export const UNTAGGED_KEPT = 1000;

/** The content of one repository. A blob or manifest is found here only if it was pushed here. */
export class Repository {
  readonly name: string;
  /** In order of last push, oldest first. */
  readonly #manifests = new Map<string, StoredManifest>();
  readonly #blobs = new Map<string, Buffer>();
  readonly #tags = new Map<string, string>();
  /** Where a tag pointed to before its last push. */
  readonly #before = new Map<string, string>();
  #sweepAt = 2 * UNTAGGED_KEPT;

  constructor(name: string) {
    this.name = name;
  }

  /** Adds an image and points the tag at it. */
  put(tag: string, image: ImageLayout): void {
    for (const manifest of [...image.below, image.root]) this.#putManifest(manifest);
    for (const [digest, blob] of image.blobs) this.#blobs.set(digest, blob);
    this.#move(tag, image.root.digest);
    if (this.#manifests.size > this.#sweepAt) this.#sweep();
  }

  /** The manifest that a tag or digest names. */
  manifest(reference: string): StoredManifest | undefined {
    return this.#manifests.get(this.#tags.get(reference) ?? reference);
  }

  /** All of them, oldest push first. */
  manifests(): Iterable<StoredManifest> {
    return this.#manifests.values();
  }

  /** What the tag pointed to before its last push, while it is kept. */
  previous(tag: string): StoredManifest | undefined {
    return this.#manifests.get(this.#before.get(tag) ?? '');
  }

  blob(digest: string): Buffer | undefined {
    return this.#blobs.get(digest);
  }

  /** Sorted by bytes, as the distribution-spec wants lists. */
  tags(): readonly string[] {
    return [...this.#tags.keys()].sort();
  }

  /** In the order in which they were first pushed. */
  tagsAsPushed(): readonly string[] {
    return [...this.#tags.keys()];
  }

  /** False when there was no such tag. */
  deleteTag(tag: string): boolean {
    return this.#tags.delete(tag);
  }

  /** A manifest with all that it leads to in this repository. */
  layout(digest: string): ImageLayout | undefined {
    const root = this.#manifests.get(digest);
    if (root === undefined) return undefined;
    const [, ...reached] = this.#reach([digest]);
    const below = reached.flatMap((found) => this.#manifests.get(found) ?? []);
    const blobs = reached.flatMap((found) => {
      const blob = this.#blobs.get(found);
      return blob ? [[found, blob] as const] : [];
    });
    return { root, below, blobs: new Map(blobs) };
  }

  #move(tag: string, digest: string): void {
    const before = this.#tags.get(tag);
    if (before !== undefined && before !== digest) this.#before.set(tag, before);
    this.#tags.set(tag, digest);
  }

  #putManifest(manifest: StoredManifest): void {
    this.#manifests.delete(manifest.digest);
    this.#manifests.set(manifest.digest, manifest);
  }

  /**
   * Runs again only when the content has doubled, so that pushes stay cheap however many are
   * tagged.
   */
  #sweep(): void {
    const newest = [...this.#manifests.keys()].slice(-UNTAGGED_KEPT);
    const kept = this.#reach([...this.#tags.values(), ...newest]);
    for (const digest of this.#manifests.keys()) {
      if (!kept.has(digest)) this.#manifests.delete(digest);
    }
    for (const digest of this.#blobs.keys()) if (!kept.has(digest)) this.#blobs.delete(digest);
    this.#sweepAt = 2 * Math.max(UNTAGGED_KEPT, this.#manifests.size);
  }

  /** The digests, and every digest that their documents mention, however deep. */
  #reach(digests: readonly string[]): ReadonlySet<string> {
    const reached = new Set(digests);
    // A set's iteration also visits what is added on the way.
    for (const digest of reached) {
      const manifest = this.#manifests.get(digest);
      if (manifest) for (const mentioned of digestsIn(manifest.body)) reached.add(mentioned);
    }
    return reached;
  }
}
