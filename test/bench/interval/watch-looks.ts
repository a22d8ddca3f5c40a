import { decodeLoggedResult } from '@tagtrail/import-contract';
import { Redis } from 'ioredis';

/** One look at a tag; times in ms. */
export interface Look {
  readonly tag: string;
  readonly dueAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly outcome: string;
}

const LOG = '{tagtrail}:results';
/** Results read at once; a second brings some hundred. */
const BATCH = 5_000;
/** ms that a read waits for more. */
const PATIENCE = 1_000;

/** Adds to `looks` every look whose result is logged in the next `span` ms: read beside the status writers, not as one. */
export async function watchLooks(
  socket: { readonly path: string; readonly password: string },
  span: number,
  looks: Look[],
): Promise<void> {
  const redis = new Redis({ ...socket, maxRetriesPerRequest: 3 });
  try {
    const end = performance.now() + span;
    let cursor = await newestEntry(redis);
    while (performance.now() < end) {
      const args = ['COUNT', BATCH, 'BLOCK', PATIENCE, 'STREAMS', LOG, cursor] as const;
      const reply = (await redis.xread(...args)) as [string, [string, string[]][]][] | null;
      for (const [id, fields] of reply?.[0]?.[1] ?? []) {
        cursor = id;
        looks.push(lookOf(fields));
      }
    }
  } finally {
    redis.disconnect();
  }
}

async function newestEntry(redis: Redis): Promise<string> {
  const [newest] = await redis.xrevrange(LOG, '+', '-', 'COUNT', 1);
  return newest?.[0] ?? '0';
}

/** @throws Error for a result that no import of a tag has made: there is nothing else at work */
function lookOf(fields: readonly string[]): Look {
  const decoded = decodeLoggedResult(fields[fields.indexOf('payload') + 1] ?? '');
  if (!decoded.ok || !('result' in decoded)) throw new Error('a result that is none of a tag');
  const { key, dueAt, startedAt, finishedAt, outcome } = decoded.result;
  return { tag: `${key.name}:${key.tag}`, dueAt, startedAt, finishedAt, outcome: outcome.kind };
}
