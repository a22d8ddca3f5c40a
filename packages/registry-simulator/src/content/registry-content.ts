import { randomUUID } from 'node:crypto';
import type { ImageStamp } from '../image/build-image.ts';
import { buildImage } from '../image/build-image.ts';
import { buildIndex } from '../image/build-index.ts';
import { digestOf } from '../image/digest.ts';
import type {
  ImageLayout,
  ImageSpec,
  ImageTraits,
  SameImage,
  VerbatimImage,
} from '../image/image-spec.ts';
import { SimulatorError } from '../simulator-error.ts';
import { checkNames } from './names.ts';
import type { Push } from './push.ts';
import { Repository } from './repository.ts';

/** Far above any bench we run; a runaway loop of control requests ends here and not in swap. */
const REPOSITORY_LIMIT = 250_000;

const DEFAULT_PLATFORM = 'linux/amd64';

/** The date of seeded images: a clock would make their digests differ. */
const SEEDED_CREATED = '2026-01-01T00:00:00Z';

/** What a header can carry: anything else would fail when it is served, not when it is pushed. */
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/** All repositories, and the making of images. */
export class RegistryContent {
  readonly #now: () => number;
  readonly #repositories = new Map<string, Repository>();
  /** Two simulators must not give the same digest for the same repository and count. */
  readonly #salt = randomUUID();
  #made = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  repository(name: string): Repository | undefined {
    return this.#repositories.get(name);
  }

  /** Throws SimulatorError `InvalidName`, `InvalidRequest`, `UnknownDigest` or `LimitReached`. */
  push(name: string, tag: string, image: ImageSpec): Push {
    checkNames(name, tag);
    const at = this.#now();
    const layout = this.#layout(image, name);
    this.#open(name).put(tag, layout);
    const { digest, mediaType, children } = layout.root;
    return { at, repository: name, tag, digest, mediaType, children };
  }

  #layout(image: ImageSpec, name: string): ImageLayout {
    if ('sameAs' in image) return this.#existing(image, name);
    if ('manifest' in image) return verbatim(image);
    const stamp = this.#stamp(image);
    if ('platforms' in image) {
      return buildIndex(stamp, image.platforms, image.attestations ?? false);
    }
    return buildImage(stamp, image.platform ?? DEFAULT_PLATFORM);
  }

  #existing({ sameAs, from }: SameImage, name: string): ImageLayout {
    const layout = this.repository(from ?? name)?.layout(sameAs);
    if (layout) return layout;
    throw new SimulatorError('UnknownDigest', `${from ?? name} has no manifest ${sameAs}`);
  }

  #stamp({ seed, created, labels = {}, format = 'oci' }: ImageTraits): ImageStamp {
    if (seed !== undefined) {
      return { seed: String(seed), created: created ?? SEEDED_CREATED, labels, format };
    }
    this.#made += 1;
    const now = new Date(this.#now()).toISOString();
    return { seed: `${this.#salt}-${this.#made}`, created: created ?? now, labels, format };
  }

  #open(name: string): Repository {
    const known = this.#repositories.get(name);
    if (known) return known;
    if (this.#repositories.size >= REPOSITORY_LIMIT) {
      throw new SimulatorError('LimitReached', `repository ${name}: there are too many already`);
    }
    const opened = new Repository(name);
    this.#repositories.set(name, opened);
    return opened;
  }
}

function verbatim({ manifest, mediaType, blobs = [] }: VerbatimImage): ImageLayout {
  if (!HEADER_VALUE.test(mediaType)) {
    throw new SimulatorError('InvalidRequest', 'mediaType: not a header value');
  }
  const body = Buffer.from(manifest);
  return {
    root: { digest: digestOf(body), mediaType, body, children: [] },
    below: [],
    blobs: new Map(blobs.map((text) => [digestOf(text), Buffer.from(text)])),
  };
}
