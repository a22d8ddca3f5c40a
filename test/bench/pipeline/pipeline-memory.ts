import { openResultLog } from '@tagtrail/import-results-redis';
import type { Redis } from 'ioredis';
import { type PipelineSite, usedBytes } from './pipeline-site.ts';

/** What idle tags hold in Redis, bytes. */
export interface MemoryShare {
  readonly perTag: number;
  readonly perImage: number;
  readonly images: number;
  readonly changeLog: number;
}

/** Keys asked about at once. */
const KEYS_AT_ONCE = 1_000;

/**
 * `(used_memory with N idle one-event tags − empty) / N`; image documents, which many tags may share, and the change log,
 * which is capped by bytes, are taken out and told apart.
 */
export async function measureMemory(site: PipelineSite): Promise<MemoryShare> {
  const { redis, tags, emptyBytes } = site;
  await trimResults(site);
  const changeLog = (await redis.memory('USAGE', '{tagtrail}:log', 'SAMPLES', 0)) ?? 0;
  const images = await keysLike(redis, '{tagtrail}:image*');
  const imageBytes = await bytesOf(redis, images);
  const documents = images.filter((key) => key.startsWith('{tagtrail}:image:')).length;
  const used = (await usedBytes(redis)) - emptyBytes;
  return {
    perTag: Math.round((used - imageBytes - changeLog) / tags),
    perImage: Math.round(imageBytes / Math.max(1, documents)),
    images: documents,
    changeLog,
  };
}

/** What was recorded leaves the result log once a minute; here it is done at once, as the status writer does it. */
async function trimResults({ tagtrail }: PipelineSite): Promise<void> {
  await using results = await openResultLog({ url: tagtrail.redis.url, consumer: 'bench' });
  await results.trim();
}

async function keysLike(redis: Redis, pattern: string): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', KEYS_AT_ONCE);
    cursor = next;
    found.push(...keys);
  } while (cursor !== '0');
  return found;
}

async function bytesOf(redis: Redis, keys: readonly string[]): Promise<number> {
  let sum = 0;
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
    const part = keys.slice(at, at + KEYS_AT_ONCE);
    const sizes = await Promise.all(part.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)));
    sum += sizes.reduce<number>((all, size) => all + (size ?? 0), 0);
  }
  return sum;
}
