import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** ms; short, so that a look that hangs is over before the next is due twice. */
export const JOB_DEADLINE = 2_000;
/** ms; the producer's lease is twice the deadline. */
export const LEASE = 2 * JOB_DEADLINE;

/** Settings that let two minutes hold what else takes hours. Everything else stays at its default. */
export const QUICK_SETTINGS: Readonly<Record<string, string>> = {
  TAGTRAIL_HEALTH_PORT: '0',
  TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES: 'allowed',
  TAGTRAIL_IMPORT_JOB_DEADLINE: `${JOB_DEADLINE}ms`,
  TAGTRAIL_RESULTS_CLAIM_IDLE: '1s',
  TAGTRAIL_SCHEDULE_RETRY_BASE: '500ms',
  TAGTRAIL_SCHEDULE_TICK: '200ms',
  TAGTRAIL_API_IMPORT_WAIT: '5s',
};

/** How many of each class run side by side: one more than may be missing without a standstill. */
export const COUNTS = { api: 2, producer: 2, worker: 3, 'status-writer': 2 } as const;

/** Redis' and BullMQ's names for what this test reads from outside. */
export const KEYS = {
  log: '{tagtrail}:log',
  hosts: '{tagtrail}:hosts',
  due: '{tagtrail}:due:',
  leases: '{tagtrail}:leases:',
  deadLetters: '{tagtrail}:dead-letters',
  outcomes: '{tagtrail}:outcomes',
  queues: ['{tagtrail-queue}:imports', '{tagtrail-queue}:requested-imports'],
} as const;
