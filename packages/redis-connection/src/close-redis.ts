/** What closing needs of a client; every ioredis client has it, and BullMQ's wrapping of one. */
interface Closable {
  readonly status: string;
  connect(): Promise<unknown>;
  disconnect(): void;
}

/**
 * Closes a connection for good, at once: commands under way reject. ioredis' own `disconnect()` does not reject those
 * that wait for a reconnection, nor stop their timers, so whoever awaits them would wait for ever.
 */
export function closeRedis(redis: Closable): void {
  if (redis.status === 'reconnecting') {
    // An attempt to connect that is called off before it dials rejects what waits for it.
    redis.connect().catch(() => undefined);
  }
  redis.disconnect();
}
