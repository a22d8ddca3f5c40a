import { slotKey } from '@tagtrail/redis-connection';

/** Where the access tokens of one record slot are. */
export interface AccessTokenKeys {
  /** HASH: id → the token as JSON, with the hash of its secret. */
  readonly tokens: string;
}

/** Builds the keys of a slot: `{tagtrail}:access-tokens`. */
export function accessTokenKeys(slot: string): AccessTokenKeys {
  return { tokens: slotKey(slot, 'access-tokens') };
}
