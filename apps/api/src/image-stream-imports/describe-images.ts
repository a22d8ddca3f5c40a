import {
  type ImageDocument,
  type ImageDocumentStore,
  type ImageImportStatus,
  type ImageStream,
  type ImportedImage,
  taggedImage,
  viewImage,
} from '@tagtrail/image-stream';
import type { LookedImage } from './import-run.ts';
import { lostStatus, SUCCESS } from './import-status.ts';

/**
 * Characters of manifests and configs in one answer. Those of an ordinary image have some ten thousand; images that come
 * after the limit was reached are told without them.
 */
const TEXT_LIMIT = 16 * 1024 * 1024;
/** Documents read at a time for one answer. */
const READS_AT_A_TIME = 16;

export interface DescribeParts {
  readonly images: Pick<ImageDocumentStore, 'read'>;
  /** As committed; undefined when nothing was recorded. */
  readonly stream: ImageStream | undefined;
}

/** Tells what became of the images of one request, in the words of the API. */
export class ImageDescriber {
  readonly #parts: DescribeParts;
  #textLeft = TEXT_LIMIT;

  constructor(parts: DescribeParts) {
    this.#parts = parts;
  }

  async describe(looked: readonly LookedImage[]): Promise<readonly ImageImportStatus[]> {
    const statuses: ImageImportStatus[] = [];
    for (let at = 0; at < looked.length; at += READS_AT_A_TIME) {
      const some = looked.slice(at, at + READS_AT_A_TIME);
      statuses.push(...(await Promise.all(some.map((one) => this.#describeOne(one)))));
    }
    return statuses;
  }

  async #describeOne({ spec, tag, outcome }: LookedImage): Promise<ImageImportStatus> {
    if (outcome.kind === 'failed') return { status: outcome.status, tag };
    const document = await this.#parts.images.read(outcome.image);
    if (document === undefined) return { status: lostStatus(spec), tag };
    const { includeManifest } = spec;
    const dockerImageReference = outcome.dockerImageReference || document.dockerImageReference;
    const whole = { ...document, dockerImageReference };
    const image = this.#view(whole, includeManifest);
    const manifests = await this.#viewParts(whole, includeManifest);
    const metadata = { ...image.metadata, ...this.#dated(tag, document.digest) };
    return {
      status: SUCCESS,
      image: { ...image, metadata },
      tag,
      ...(manifests.length > 0 && { manifests }),
    };
  }

  /** All that an index is made of, one after the other: it may be two hundred. */
  async #viewParts(whole: ImageDocument, withTexts: boolean): Promise<readonly ImportedImage[]> {
    const [repository = ''] = whole.dockerImageReference.split('@', 1);
    const views: ImportedImage[] = [];
    for (const digest of whole.parts ?? []) {
      const document = await this.#parts.images.read(digest);
      if (document === undefined) continue;
      // A document tells where it was first found, which may be somewhere else.
      const dockerImageReference = `${repository}@${digest}`;
      views.push(this.#view({ ...document, dockerImageReference }, withTexts));
    }
    return views;
  }

  #view(document: ImageDocument, withTexts: boolean): ImportedImage {
    const { manifest, config } = document;
    const length = manifest.length + (config?.length ?? 0);
    if (!withTexts || length > this.#textLeft) return viewImage(document);
    this.#textLeft -= length;
    return {
      ...viewImage(document),
      dockerImageManifest: manifest,
      ...(config !== undefined && { dockerImageConfig: config }),
    };
  }

  /** Documents have no age of their own: they are found by content. The stream's is when the tag got the image. */
  #dated(tag: string, image: string): { readonly creationTimestamp?: string } {
    const { stream } = this.#parts;
    const event = stream && taggedImage(stream, tag);
    return event?.image === image ? { creationTimestamp: event.created } : {};
  }
}
