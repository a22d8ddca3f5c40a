import { RedisConnectionError } from './redis-connection-error.ts';

/** Slot of every record key until there are several. */
export const DEFAULT_SLOT = 'tagtrail';

/**
 * Names a key of one record slot: `slotKey('tagtrail', 'fence')` is `{tagtrail}:fence`. All keys of a slot share
 * one hash tag, so that a script may touch any of them in Redis Cluster. Parts must not contain `:` where two
 * spellings could meet. Throws RedisConnectionError `invalid-slot`.
 */
export function slotKey(slot: string, ...parts: readonly string[]): string {
  if (!/^[^{}\s]+$/.test(slot)) {
    throw new RedisConnectionError(
      'invalid-slot',
      'a record slot needs a name without braces and spaces',
    );
  }
  return [`{${slot}}`, ...parts].join(':');
}
