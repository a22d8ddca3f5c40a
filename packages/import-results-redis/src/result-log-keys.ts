import { slotKey } from '@tagtrail/redis-connection';

/** The one group of readers: every status writer is a consumer in it. */
export const RESULT_GROUP = 'status-writer';

export interface ResultLogKeys {
  /** The record slot itself. */
  readonly slot: string;
  readonly log: string;
  readonly deadLetters: string;
  /** Counter of runs; the store compares fences, nobody else writes it. */
  readonly fence: string;
  /** Run id of the server that the counter was last reconciled with. */
  readonly fenceRun: string;
}

/** The keys of a record slot's result log; all share its hash tag, so the store's scripts may acknowledge in it. */
export function resultLogKeys(slot: string): ResultLogKeys {
  return {
    slot,
    log: slotKey(slot, 'results'),
    deadLetters: slotKey(slot, 'dead-letters'),
    fence: slotKey(slot, 'fence'),
    fenceRun: slotKey(slot, 'fence', 'run'),
  };
}
