import type { Redis } from 'ioredis';
import { openRedis } from '../open-redis.ts';

/** A plain connection, for tests that look at keys or spoil them; end it with `disconnect()`. */
export function openClientForTest(url: string): Redis {
  return openRedis({ url, name: 'test' });
}
