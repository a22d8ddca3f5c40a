import { conflict } from '@tagtrail/apimachinery';
import type { OpenRequest, RequestSlot, SlotAnswer } from '@tagtrail/import-contract';
import { imageStreamNamed } from '../image-streams/image-stream-resource.ts';
import { StatusError } from '../status-error.ts';

/** An answer that is no reason to give up the whole request. */
export type HeardAnswer = Exclude<SlotAnswer, { readonly kind: 'conflict' }>;

export interface TakenSlot {
  readonly slot: RequestSlot;
  /** Rejects with StatusError Conflict when the stream was edited meanwhile. */
  readonly answer: Promise<HeardAnswer>;
}

export interface RequestSlotsParts {
  readonly request: OpenRequest;
  readonly replyTo: string;
  /** Name of the stream, for messages. */
  readonly stream: string;
}

/** Hands out the slots of one request and knows which of them nobody has answered yet. */
export class RequestSlots {
  readonly #parts: RequestSlotsParts;
  readonly #pending = new Map<number, string>();
  #next = 0;

  constructor(parts: RequestSlotsParts) {
    this.#parts = parts;
  }

  /** What is waited for, in the order in which it was asked. */
  get pending(): readonly string[] {
    return [...this.#pending.values()];
  }

  /** The next slot; `subject` says in messages what it is about. */
  take(subject: string): TakenSlot {
    const { request, replyTo } = this.#parts;
    const slot = this.#next;
    this.#next += 1;
    this.#pending.set(slot, subject);
    const answer = this.#hear(slot);
    // Whoever waits hears of it; when nobody does any more, it is of no interest.
    answer.catch(() => undefined);
    return { slot: { id: request.id, replyTo, slot }, answer };
  }

  async #hear(slot: number): Promise<HeardAnswer> {
    const answer = await this.#parts.request.answer(slot);
    this.#pending.delete(slot);
    if (answer.kind !== 'conflict') return answer;
    throw new StatusError(conflict(imageStreamNamed(this.#parts.stream), answer.message));
  }
}
