/** What one look, one tag and one move cost. Of one core of the machine that they were measured on. */
export interface CapacityCosts {
  /** CPU ms per 1,000 looks that find nothing new. */
  readonly cpuMsPer1000Checks: {
    readonly producer: number;
    readonly worker: number;
    readonly statusWriter: number;
    readonly redis: number;
  };
  /** CPU ms per 1,000 moves, beside what their looks cost. */
  readonly cpuMsPer1000Moves: { readonly statusWriter: number; readonly redis: number };
  /** Requests to the registry for a look that finds nothing new, and for one that finds a new image. */
  readonly requestsPerCheck: number;
  readonly requestsPerMove: number;
  /** Bytes in Redis. */
  readonly redisBytesPerTag: number;
  readonly redisBytesPerImage: number;
  readonly redisBytesPerEvent: number;
  readonly redisBytesPerQueuedJob: number;
  /** Bytes of the append-only file. */
  readonly aofBytesPerCheck: number;
  readonly aofBytesPerMove: number;
}

/** When the costs below were measured, on 2 cores of an Intel Xeon with Node 24.21 and Redis 7.0.15. */
export const MEASURED_ON = '2026-11-23';

/** From `pnpm bench`; the bench stands beside each. */
export const MEASURED_COSTS: CapacityCosts = {
  // `pipeline` at its steady pace, 400 looks a second, 2026-11-23: at full speed a look costs three fifths of that.
  cpuMsPer1000Checks: { producer: 69, worker: 190, statusWriter: 54, redis: 243 },
  // `store`, commits of a moved tag with its image, 2026-11-23.
  cpuMsPer1000Moves: { statusWriter: 498, redis: 279 },
  // `api`, 2026-11-23: HEAD, manifest and config; the HEAD is counted with the look.
  requestsPerCheck: 1,
  requestsPerMove: 2,
  // The writer of `schedule`, one event a tag, 5 tags a stream, 2026-11-23: 1,222 with 100 of them, 2,149 with one.
  redisBytesPerTag: 1_389,
  // `pipeline`, an index of two small manifests, 2026-11-23.
  redisBytesPerImage: 1_952,
  // `store`, what a commit leaves behind without the change log, 2026-11-23.
  redisBytesPerEvent: 452,
  // BullMQ 6.7, a waiting job with a deduplication id, measured alone.
  redisBytesPerQueuedJob: 906,
  // `pipeline` and `store`, 2026-11-23.
  aofBytesPerCheck: 4_277,
  aofBytesPerMove: 5_902,
};
