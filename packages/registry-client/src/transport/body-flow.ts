import type { Dispatcher } from 'undici';
import type { BodyReceiver } from './body-receiver.ts';

type Controller = Pick<Dispatcher.DispatchController, 'pause' | 'resume'>;

/** Brings a body to its receiver at the receiver's pace: while that is busy, the connection is not read. */
export class BodyFlow {
  readonly #receiver: BodyReceiver;
  readonly #controller: Controller;
  readonly #onFailed: (error: unknown) => void;
  #onTaken: (() => void) | undefined;
  #underWay = 0;
  #size = 0;

  /** `onFailed` gets what a promise of the receiver rejects with. */
  constructor(receiver: BodyReceiver, controller: Controller, onFailed: (error: unknown) => void) {
    this.#receiver = receiver;
    this.#controller = controller;
    this.#onFailed = onFailed;
  }

  /** Bytes that came. */
  get size(): number {
    return this.#size;
  }

  /** Chunks may come while others are under way: what was read already when the other side hung up. */
  push(chunk: Buffer): void {
    this.#size += chunk.length;
    const taken = this.#receiver.take(chunk);
    if (taken === undefined) return;
    this.#underWay += 1;
    this.#controller.pause();
    taken.then(() => this.#goOn(), this.#onFailed);
  }

  /** Calls back when everything has been taken. */
  end(onTaken: () => void): void {
    this.#receiver.end();
    this.#onTaken = onTaken;
    if (this.#underWay === 0) onTaken();
  }

  #goOn(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0) return;
    // After the end the connection may carry the next reply, which is none of ours to hurry.
    if (this.#onTaken === undefined) this.#controller.resume();
    else this.#onTaken();
  }
}
