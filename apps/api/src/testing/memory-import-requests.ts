import type {
  ImportRequests,
  OpenRequest,
  RequestSlot,
  SlotAnswer,
} from '@tagtrail/import-contract';

/** Requests in memory that keep the port's promises: answers count once, and only while the request is open. */
export class MemoryImportRequests implements ImportRequests {
  readonly replyTo = 'the-api-under-test';
  readonly lifetimes: number[] = [];
  readonly #open = new Map<string, MemoryRequest>();
  readonly #moved = new Set<() => void>();

  get count(): number {
    return this.#open.size;
  }

  open({ id, lifetime }: { readonly id: string; readonly lifetime: number }): Promise<OpenRequest> {
    this.lifetimes.push(lifetime);
    const request = new MemoryRequest(id, () => {
      this.#open.delete(id);
      this.#tell();
    });
    this.#open.set(id, request);
    this.#tell();
    return Promise.resolve(request);
  }

  /** Fills a slot; answers whether anybody waits. */
  fill({ id, slot }: RequestSlot, answer: SlotAnswer): boolean {
    const request = this.#open.get(id);
    request?.fill(slot, answer);
    return request !== undefined;
  }

  /** Resolves when a request is open. */
  async opened(): Promise<void> {
    while (this.#open.size === 0) await this.#next();
  }

  /** Resolves when no request is open any more. */
  async allClosed(): Promise<void> {
    while (this.#open.size > 0) await this.#next();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const request of this.#open.values()) await request[Symbol.asyncDispose]();
  }

  #next(): Promise<void> {
    return new Promise((resolve) => this.#moved.add(resolve));
  }

  #tell(): void {
    for (const tell of this.#moved) tell();
    this.#moved.clear();
  }
}

class MemoryRequest implements OpenRequest {
  readonly id: string;
  readonly #slots = new Map<number, PromiseWithResolvers<SlotAnswer>>();
  readonly #onClosed: () => void;

  constructor(id: string, onClosed: () => void) {
    this.id = id;
    this.#onClosed = onClosed;
  }

  answer(slot: number): Promise<SlotAnswer> {
    return this.#slot(slot).promise;
  }

  fill(slot: number, answer: SlotAnswer): void {
    this.#slot(slot).resolve(answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { reject } of this.#slots.values()) reject(new Error('the request is closed'));
    this.#onClosed();
  }

  #slot(slot: number): PromiseWithResolvers<SlotAnswer> {
    const known = this.#slots.get(slot) ?? Promise.withResolvers<SlotAnswer>();
    this.#slots.set(slot, known);
    return known;
  }
}
