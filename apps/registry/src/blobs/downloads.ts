import type { BlobStore, HeldBlob } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import { Download, type FetchBlob, type WantedBlob } from './download.ts';
import { DownloadGate } from './download-gate.ts';

/**
 * Each download has a connection, a file and some MiB in memory; the registry client has 8 connections to a host. Whoever
 * waits for half a minute is better told so.
 */
const LIMITS = { total: 64, perHost: 8, perNamespace: 16, waiting: 256, wait: 30_000 };
/** Share of the quota that the downloads of one namespace may announce together. */
const SHARE = 0.25;

export interface DownloadsParts {
  readonly store: Pick<BlobStore, 'create' | 'usage'>;
  readonly signal: AbortSignal;
  /** Takes note of who delivered something else under the digest. */
  readonly doubt: (digest: Digest, repository: string) => void;
  /** Takes note of who delivered a blob whole, before anybody else may find the copy. */
  readonly note: (digest: Digest, repository: string) => Promise<void>;
  /** Hears how each download ended; `error` is undefined when it is stored. */
  readonly onEnded: (ended: { readonly download: Download; readonly error: unknown }) => void;
}

/** A blob that somebody asks for. */
export interface Wanted {
  readonly blob: WantedBlob;
  readonly fetch: FetchBlob;
  /** Who asks in the same group has the same places to get it from. */
  readonly group: string;
  /** The first of these places. */
  readonly host: string;
  readonly namespace: string;
  /** The copy, if there is one that whoever asks may have. */
  readonly openCopy: () => Promise<HeldBlob | undefined>;
}

/** One download per digest and group, however many ask. */
export class Downloads {
  readonly #parts: DownloadsParts;
  readonly #running = new Map<string, Promise<Download | undefined>>();
  readonly #gate: DownloadGate;
  readonly #ending = new Set<Promise<void>>();
  /** Those with readers, running ones and finished ones. */
  readonly #served = new Set<Download>();

  constructor(parts: DownloadsParts) {
    this.#parts = parts;
    const bytesPerNamespace = parts.store.usage().quota * SHARE;
    this.#gate = new DownloadGate({ ...LIMITS, bytesPerNamespace });
    parts.signal.addEventListener('abort', () => this.#cutAll(), { once: true });
  }

  /** Downloads under way, and those that wait for their turn. */
  get counts(): { readonly running: number; readonly waiting: number } {
    const { waiting } = this.#gate;
    return { running: this.#running.size - waiting, waiting };
  }

  /** The one that runs, or a new one; undefined when the blob is stored by now. Throws {@link RegistryFault} when too many wait, BlobStoreError without room. */
  start(wanted: Wanted): Promise<Download | undefined> {
    const key = `${wanted.blob.digest} ${wanted.group}`;
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const started = this.#open(key, wanted);
    this.#running.set(key, started);
    started.catch(() => this.#running.delete(key));
    return started;
  }

  /** Resolves when every download has ended, which the signal hastens. */
  async settled(): Promise<void> {
    while (this.#ending.size > 0) await Promise.allSettled([...this.#ending]);
  }

  #cutAll(): void {
    for (const download of this.#served) download.cut(new Error('the registry stops'));
  }

  async #open(key: string, wanted: Wanted): Promise<Download | undefined> {
    const { host, namespace, blob } = wanted;
    const leave = await this.#gate.enter({ host, namespace, size: blob.size });
    try {
      this.#parts.signal.throwIfAborted();
      return await this.#begin(key, wanted, leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #begin(
    key: string,
    { blob, fetch, openCopy }: Wanted,
    leave: () => void,
  ): Promise<Download | undefined> {
    const { store, ...parts } = this.#parts;
    // Between the look of whoever asks and now, another download may have ended.
    const held = await openCopy();
    if (held !== undefined) {
      leave();
      this.#running.delete(key);
      await held[Symbol.asyncDispose]();
      return undefined;
    }
    const draft = await store.create(blob.digest, blob.size);
    const download = new Download({ ...parts, blob, draft, fetch });
    this.#served.add(download);
    const ending = this.#see(key, download, leave);
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
    return download;
  }

  /** Whoever comes from now on finds the stored blob; who reads from the draft keeps it open until its end. */
  async #see(key: string, download: Download, leave: () => void): Promise<void> {
    const outcome = await download.run().then(
      () => ({ error: undefined }),
      (error: unknown) => ({ error: error ?? new Error('unknown') }),
    );
    leave();
    this.#running.delete(key);
    this.#parts.onEnded({ download, ...outcome });
    await download.left;
    this.#served.delete(download);
    // A draft that cannot be taken away is found by its age later.
    await download.close().catch(() => undefined);
  }
}
