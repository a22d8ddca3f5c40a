import type { BlobStore } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import { RegistryFault } from '../registry-fault.ts';
import { Download, type FetchBlob, type WantedBlob } from './download.ts';

/** Downloads under way at once: each has a connection, a file and up to 4 MiB in memory. */
const MAX_DOWNLOADS = 64;
/** s after which a client may come again when there is no room for another download. */
const BUSY_RETRY = 5;

export interface DownloadsParts {
  readonly store: Pick<BlobStore, 'create' | 'open'>;
  readonly signal: AbortSignal;
  /** Hears how each download ended; `error` is undefined when it is stored. */
  readonly onEnded: (ended: { readonly download: Download; readonly error: unknown }) => void;
}

/** One download per digest, whoever asks. */
export class Downloads {
  readonly #parts: DownloadsParts;
  readonly #running = new Map<Digest, Promise<Download | undefined>>();
  readonly #ending = new Set<Promise<void>>();
  /** Those with readers, running ones and finished ones. */
  readonly #served = new Set<Download>();

  constructor(parts: DownloadsParts) {
    this.#parts = parts;
    parts.signal.addEventListener('abort', () => this.#cutAll(), { once: true });
  }

  /** Downloads under way, those included whose last readers are being served. */
  get count(): number {
    return this.#running.size;
  }

  /** The one that runs, or a new one; undefined when the blob is stored by now. Throws {@link RegistryFault} when there are too many, BlobStoreError without room. */
  start(blob: WantedBlob, fetch: FetchBlob): Promise<Download | undefined> {
    const running = this.#running.get(blob.digest);
    if (running !== undefined) return running;
    if (this.#running.size >= MAX_DOWNLOADS) throw tooMany();
    const started = this.#open(blob, fetch);
    this.#running.set(blob.digest, started);
    started.catch(() => this.#running.delete(blob.digest));
    return started;
  }

  /** Resolves when every download has ended, which the signal hastens. */
  async settled(): Promise<void> {
    while (this.#ending.size > 0) await Promise.allSettled([...this.#ending]);
  }

  #cutAll(): void {
    for (const download of this.#served) download.cut(new Error('the registry stops'));
  }

  async #open(blob: WantedBlob, fetch: FetchBlob): Promise<Download | undefined> {
    const { store, signal } = this.#parts;
    // Between the look of whoever asks and now, another download may have ended.
    const held = await store.open(blob.digest);
    if (held !== undefined) {
      this.#running.delete(blob.digest);
      await held[Symbol.asyncDispose]();
      return undefined;
    }
    const draft = await store.create(blob.digest, blob.size);
    const download = new Download({ blob, draft, fetch, signal });
    this.#served.add(download);
    const ending = this.#see(download);
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
    return download;
  }

  /** Whoever comes from now on finds the stored blob; who reads from the draft keeps it open until its end. */
  async #see(download: Download): Promise<void> {
    const outcome = await download.run().then(
      () => ({ error: undefined }),
      (error: unknown) => ({ error: error ?? new Error('unknown') }),
    );
    this.#running.delete(download.blob.digest);
    this.#parts.onEnded({ download, ...outcome });
    await download.left;
    this.#served.delete(download);
    // A draft that cannot be taken away is found by its age later.
    await download.close().catch(() => undefined);
  }
}

function tooMany(): RegistryFault {
  const message = `${MAX_DOWNLOADS} downloads are under way already; come again`;
  return new RegistryFault('UNAVAILABLE', message, {
    headers: { 'retry-after': String(BUSY_RETRY) },
  });
}
