import { decodeSlotAnswer, SLOT_LIMIT, type SlotAnswer } from '@tagtrail/import-contract';
import { ResultLogError } from './result-log-error.ts';

/** The answers of one request, those that came and those that somebody waits for. */
export class OpenSlots {
  readonly #slots = new Map<number, PromiseWithResolvers<SlotAnswer>>();
  #ended: Error | undefined;

  answer(slot: number): Promise<SlotAnswer> {
    return this.#slot(slot).promise;
  }

  /** The first answer counts; one to a slot that no request can have is nobody's. */
  fill(slot: number, text: string): void {
    if (!(Number.isInteger(slot) && slot >= 0 && slot < SLOT_LIMIT)) return;
    const decoded = decodeSlotAnswer(text);
    const { resolve, reject } = this.#slot(slot);
    if (decoded.ok) resolve(decoded.answer);
    else reject(new ResultLogError('refused', `could not read an answer: ${decoded.message}`));
  }

  /** What was not answered never will be. */
  end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#slots.values()) reject(this.#ended);
  }

  #slot(slot: number): PromiseWithResolvers<SlotAnswer> {
    const known = this.#slots.get(slot);
    if (known !== undefined) return known;
    const made = Promise.withResolvers<SlotAnswer>();
    // Nobody may be listening when it ends.
    made.promise.catch(() => undefined);
    if (this.#ended !== undefined) made.reject(this.#ended);
    this.#slots.set(slot, made);
    return made;
  }
}
