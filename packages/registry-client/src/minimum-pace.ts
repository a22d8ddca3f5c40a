export interface PaceLimits {
  /** ms that are looked at together. */
  readonly window: number;
  /** Bytes that must come in them. */
  readonly bytes: number;
}

/** Whether a transfer comes along, measured over windows of time in which somebody wanted its bytes. */
export class MinimumPace {
  readonly #limits: PaceLimits;
  readonly #now: () => number;
  #windowBegan: number;
  #inWindow = 0;
  #holds = 0;
  #heldSince = 0;

  /** `now` in ms, from any beginning. */
  constructor(limits: PaceLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    this.#windowBegan = now();
  }

  /** Counts bytes; false when they come too slowly. */
  keeps(bytes: number): boolean {
    this.#inWindow += bytes;
    const now = this.#now();
    if (now - this.#windowBegan < this.#limits.window) return true;
    const keeps = this.#inWindow >= this.#limits.bytes;
    this.#windowBegan = now;
    this.#inWindow = 0;
    return keeps;
  }

  /** Time stands still until as many {@link release} have come: whoever takes the bytes is busy. */
  hold(): void {
    if (this.#holds === 0) this.#heldSince = this.#now();
    this.#holds += 1;
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#windowBegan += this.#now() - this.#heldSince;
  }
}
