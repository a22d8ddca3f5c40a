import { type StopSignal, StoreError } from '@tagtrail/image-stream';
import { type GuardedRedis, openGuardedRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import type { RecordKeys } from '../keys.ts';
import { pause } from '../pause.ts';
import { whenReady } from '../when-ready.ts';
import { migrateFormat } from './migrate-format.ts';
import { meetFormat, requireFormat } from './store-format.ts';

/** ms between two looks at the format while a service runs: one GET. Somebody may migrate the store under its feet. */
const FORMAT_INTERVAL = 15_000;

/** Keeps a service off a store whose format it does not know. */
export class FormatGuard {
  readonly #keys: RecordKeys;
  #refusal: StoreError | undefined;

  constructor(keys: RecordKeys) {
    this.#keys = keys;
  }

  /** Brings the store to the present format before anyone works on it. @throws StoreError */
  async prepare(
    connection: { readonly url: string; readonly name: string },
    onProgress: (message: string) => void,
  ): Promise<void> {
    const guarded = openGuardedRedis(connection);
    try {
      await whenReady(guarded, () =>
        migrateFormat(guarded.redis, { keys: this.#keys, onProgress }),
      );
    } finally {
      await guarded[Symbol.asyncDispose]();
    }
  }

  /** For each new connection: whatever is behind it now must have the present format. @throws StoreError */
  async admit(redis: Redis): Promise<void> {
    try {
      await requireFormat(redis, this.#keys);
      this.#refusal = undefined;
    } catch (error) {
      if (error instanceof StoreError) this.#refusal = error;
      throw error;
    }
  }

  /** Looks again and again until the signal; rejects when the store is not ours any more. Redis may be away meanwhile. */
  async watch(
    guarded: GuardedRedis,
    signal: StopSignal,
    interval = FORMAT_INTERVAL,
  ): Promise<void> {
    while (!signal.aborted) {
      await pause(interval, signal);
      if (signal.aborted) return;
      const refusal = this.#refusal ?? (await this.#look(guarded));
      if (refusal !== undefined) throw refusal;
    }
  }

  async #look(guarded: GuardedRedis): Promise<StoreError | undefined> {
    try {
      await whenReady(guarded, () => meetFormat(guarded.redis, this.#keys));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return error.code === 'unavailable' ? this.#refusal : error;
    }
    return undefined;
  }
}
