import { randomUUID } from 'node:crypto';
import { StoreError } from '@tagtrail/image-stream';
import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';
import type { RecordKeys } from '../keys.ts';
import { pause } from '../pause.ts';
import { countOutcomes } from './count-outcomes.ts';
import { meetFormat, STORE_FORMAT } from './store-format.ts';

/** ms that the right to migrate outlives its last renewal: far longer than a page takes, and a killed owner's wait is short. */
const MIGRATION_LIFE = 10_000;
/** ms between looks at a migration of somebody else's. */
const MIGRATION_POLL = 250;
/** ms of waiting for somebody else's: a hundred thousand streams take seconds, so something is wrong then. */
const MIGRATION_WAIT = 300_000;
/** ms between two lines about progress. */
const PROGRESS_INTERVAL = 2_000;

const renewScript = defineScript(new URL('./renew-migration.lua', import.meta.url));
const finishScript = defineScript(new URL('./finish-migration.lua', import.meta.url));

export interface Migration {
  readonly keys: RecordKeys;
  /** Hears in words what becomes of the store. */
  readonly onProgress: (message: string) => void;
  /** ms on a clock that never jumps. */
  readonly now?: () => number;
}

/**
 * Brings the store to the present format. One process at a time does it, the others wait; one that is killed is followed
 * by the next, from the start. Until the last step nothing of it can be seen.
 * @throws StoreError `newer-format`, `damaged`; `unavailable` after MIGRATION_WAIT ms of somebody else's
 */
export async function migrateFormat(
  redis: GuardedRedis['redis'],
  { keys, onProgress, now = () => performance.now() }: Migration,
): Promise<void> {
  const owner = randomUUID();
  const started = now();
  let waits = false;
  while ((await meetFormat(redis, keys)) !== STORE_FORMAT) {
    const renew = async () =>
      (await renewScript(redis, [keys.migration], [owner, MIGRATION_LIFE])) === 1;
    if (await renew()) {
      await migrate(redis, { keys, owner, renew, onProgress, now });
      continue;
    }
    if (now() - started > MIGRATION_WAIT) {
      const waited = `another process has migrated the store for ${MIGRATION_WAIT / 1000} s`;
      throw new StoreError('unavailable', `${waited} and is not done`);
    }
    if (!waits) onProgress('another process migrates the store: waiting for it');
    waits = true;
    await pause(MIGRATION_POLL);
  }
}

interface Turn extends Required<Migration> {
  readonly owner: string;
  readonly renew: () => Promise<boolean>;
}

/** Whoever loses the right in the middle begins anew, as one of those who wait. */
async function migrate(
  redis: GuardedRedis['redis'],
  { keys, owner, renew, onProgress, now }: Turn,
): Promise<void> {
  const all = await redis.zcard(keys.names);
  onProgress(`migrating the store from format 1 to ${STORE_FORMAT}: ${all} streams`);
  let done = 0;
  let told = now();
  const counts = await countOutcomes(redis, keys, async (streams) => {
    done += streams;
    if (!(await renew())) throw new LostTurn();
    if (now() - told < PROGRESS_INTERVAL) return;
    told = now();
    onProgress(`migrating the store: ${done} of ${all} streams`);
  }).catch((error: unknown) => {
    if (error instanceof LostTurn) return undefined;
    throw error;
  });
  if (counts === undefined) return;
  const names = [keys.migration, keys.format, keys.outcomes];
  const args = [owner, STORE_FORMAT, ...[...counts].flat()];
  if ((await finishScript(redis, names, args)) === 1) {
    onProgress(`the store has format ${STORE_FORMAT} now`);
  }
}

class LostTurn extends Error {
  override readonly name = 'LostTurn';
}
