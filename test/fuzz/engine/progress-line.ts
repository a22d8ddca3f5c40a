import type { WriteStream } from 'node:tty';

/** ms between two changes of the line: often enough to see that it lives. */
const EVERY = 250;

/** One line on a terminal that says how far things are; nothing anywhere else. */
export class ProgressLine {
  readonly #out: WriteStream;
  #next = 0;

  constructor(out: WriteStream) {
    this.#out = out;
  }

  show(text: string): void {
    if (!this.#out.isTTY || performance.now() < this.#next) return;
    this.#next = performance.now() + EVERY;
    this.#out.write(`\r\u001b[K${text}`);
  }

  clear(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }
}
