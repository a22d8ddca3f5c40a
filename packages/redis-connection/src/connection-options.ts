import type { RedisOptions } from 'ioredis';

/** ms. A server that is back is found again within this time; more often would be noise in its log. */
export const RETRY_DELAY_LIMIT = 5_000;
const FIRST_RETRY_DELAY = 50;
/** 2^7 × 50 ms is beyond the limit; more doublings would only overflow. */
const RETRY_DOUBLINGS = 7;

/** ms. TCP and TLS set-up of a healthy network take well under one second. */
const CONNECT_TIMEOUT = 5_000;

/** ms. The longest time a command on a blocking connection may ask the server to wait. */
export const BLOCK_LIMIT = 10_000;

/**
 * ms without any answer to an outstanding command before the socket counts as dead and is replaced; else a
 * half-open connection would hang its commands until the kernel gives up after a quarter of an hour.
 * Longer than BLOCK_LIMIT, and far longer than the slowest script (a few ms) or an fsync on a bad disk.
 */
const ANSWER_TIMEOUT = 15_000;

/** Replies keep their RESP2 shapes (flat lists) whatever the protocol: one shape to parse. */
export const REPLY_MAPPING = 'legacy';

/** ms that a closed socket is kept for the other side to close too; a client without one holds its process as long. */
const DISCONNECT_TIMEOUT = 250;

/** ms before retry number `attempt` (1 is the first): half fixed, half random, so that a fleet does not return at once. */
export function reconnectDelay(attempt: number): number {
  const doublings = Math.min(attempt - 1, RETRY_DOUBLINGS);
  const ceiling = Math.min(FIRST_RETRY_DELAY * 2 ** doublings, RETRY_DELAY_LIMIT);
  return Math.round(ceiling / 2 + Math.random() * (ceiling / 2));
}

/** What every connection of ours has in common. */
export function connectionOptions(name: string): RedisOptions {
  return {
    connectionName: `tagtrail:${name}`,
    connectTimeout: CONNECT_TIMEOUT,
    disconnectTimeout: DISCONNECT_TIMEOUT,
    socketTimeout: ANSWER_TIMEOUT,
    retryStrategy: reconnectDelay,
    // A primary that became a replica answers READONLY for ever: look for its successor.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
}

/**
 * Settings of a connection whose commands wait on the server. ioredis' `blockingTimeout` makes an overdue command
 * answer null, and a late reply to XREADGROUP is then lost to its reader. It is therefore only the second net: the
 * answer timeout strikes first and rejects, which readers see.
 */
export const BLOCKING_OPTIONS: RedisOptions = {
  blockingTimeout: ANSWER_TIMEOUT + BLOCK_LIMIT,
  blockingTimeoutGrace: ANSWER_TIMEOUT,
};
