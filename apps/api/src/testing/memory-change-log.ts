import { compareResourceVersions } from '@tagtrail/apimachinery';
import {
  IMAGE_API_VERSION,
  type ImageStream,
  type ImageStreamStore,
  type StopSignal,
  StoreError,
  type StreamEvent,
} from '@tagtrail/image-stream';

/** A change log in memory that keeps the store port's promises; for tests of what reads it. */
export class MemoryChangeLog implements Pick<ImageStreamStore, 'list' | 'watch'> {
  readonly #events: StreamEvent[] = [];
  readonly #streams = new Map<string, ImageStream>();
  readonly #waiting = new Set<() => void>();
  #version = 100;
  #oldest = '100';
  #failure: StoreError | undefined;
  /** Watches open now, the feed's own included. */
  watching = 0;

  get resourceVersion(): string {
    return String(this.#version);
  }

  /** Creates or replaces a stream; answers the version of the change. */
  put(name: string, labels: Readonly<Record<string, string>> = {}, namespace = 'shop'): string {
    const path = `${namespace}/${name}`;
    this.#version += 1;
    const stream: ImageStream = {
      kind: 'ImageStream',
      apiVersion: IMAGE_API_VERSION,
      metadata: { name, namespace, labels, resourceVersion: this.resourceVersion },
      spec: {},
      status: { dockerImageRepository: '' },
    };
    this.#record(path, this.#streams.get(path), stream);
    this.#streams.set(path, stream);
    return this.resourceVersion;
  }

  delete(name: string, namespace = 'shop'): string {
    const path = `${namespace}/${name}`;
    this.#version += 1;
    this.#record(path, this.#streams.get(path), undefined);
    this.#streams.delete(path);
    return this.resourceVersion;
  }

  /** Forgets all but the newest `kept` changes, as retention does. */
  trim(kept: number): void {
    const forgotten = this.#events.splice(0, this.#events.length - kept);
    this.#oldest = forgotten.at(-1)?.resourceVersion ?? this.#oldest;
  }

  /** Every call and every open watch fails until `repair`. */
  fail(error: StoreError): void {
    this.#failure = error;
    this.#wake();
  }

  repair(): void {
    this.#failure = undefined;
  }

  list() {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const items = [...this.#streams.values()];
    return Promise.resolve({ items, resourceVersion: this.resourceVersion });
  }

  async *watch(resourceVersion: string, signal: StopSignal) {
    this.watching += 1;
    try {
      let reached = resourceVersion;
      while (!signal.aborted) {
        if (this.#failure !== undefined) throw this.#failure;
        if (compareResourceVersions(reached, this.#oldest) < 0) {
          throw new StoreError('expired', `changes after ${reached} are gone`);
        }
        const events = this.#events.filter(
          (event) => compareResourceVersions(event.resourceVersion, reached) > 0,
        );
        reached = events.at(-1)?.resourceVersion ?? reached;
        if (events.length > 0) yield events;
        else await this.#changed(signal);
      }
    } finally {
      this.watching -= 1;
    }
  }

  #record(path: string, before: ImageStream | undefined, after: ImageStream | undefined): void {
    const [namespace = '', name = ''] = path.split('/');
    const key = { namespace, name };
    this.#events.push({ resourceVersion: this.resourceVersion, key, before, after });
    this.#wake();
  }

  #changed(signal: StopSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
