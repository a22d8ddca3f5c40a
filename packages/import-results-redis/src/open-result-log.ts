import type { ResultLog } from '@tagtrail/import-contract';
import { DEFAULT_SLOT } from '@tagtrail/redis-connection';
import { resultLogKeys } from './result-log-keys.ts';
import type { TrimReport } from './result-log-upkeep.ts';
import { StreamResultLog } from './stream-result-log.ts';

/** The result log with the upkeep that its owner, the status writer, does about once a minute. */
export interface RedisResultLog extends ResultLog {
  /** Drops acknowledged entries and consumers that are gone, and cuts at LOG_LIMIT. */
  trim(): Promise<TrimReport>;
}

export interface ResultLogOptions {
  readonly url: string;
  /** Record slot that the log belongs to. */
  readonly slot?: string;
  /** Name of this reader, unique among those alive; a stable one finds its own entries after a restart. */
  readonly consumer: string;
}

/**
 * Opens the result log on a Redis stream; resolves once Redis was reached. Throws RedisConnectionError `invalid-url`,
 * and ResultLogError as every method does: `unavailable` is worth another try.
 */
export async function openResultLog(options: ResultLogOptions): Promise<RedisResultLog> {
  const keys = resultLogKeys(options.slot ?? DEFAULT_SLOT);
  const log = new StreamResultLog(keys, options);
  try {
    await log.reach();
    return log;
  } catch (error) {
    await log[Symbol.asyncDispose]();
    throw error;
  }
}
