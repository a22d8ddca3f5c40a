import { createRateMeter, createSlidingQuantiles } from '@tagtrail/observability';

/** Numbers for the heartbeat of a status writer. */
export class WriterFigures {
  readonly #rate = createRateMeter(() => performance.now());
  readonly #lags = createSlidingQuantiles(() => performance.now());
  #recorded = 0;

  /** So many results were recorded. */
  recorded(count: number): void {
    this.#recorded += count;
    this.#rate.mark(count);
  }

  /** A new digest was recorded `lag` ms after its look was due. */
  moved(lag: number): void {
    this.#lags.observe(lag);
  }

  /** `recorded` counts since the start; the lag is that of the last minutes' moves, and absent without any. */
  read(): Readonly<Record<string, number>> {
    const spread = this.#lags.read([0.5, 0.99]);
    const [p50 = 0, p99 = 0] = spread?.values ?? [];
    return {
      recorded: this.#recorded,
      recordedPerSecond: this.#rate.perSecond(),
      ...(spread && { detectionLagP50Ms: p50, detectionLagP99Ms: p99, moves: spread.count }),
    };
  }
}
