import type { EmbeddedRedis } from '@tagtrail/embedded-redis';
import { delay } from '@tagtrail/lifecycle';
import { errorMessage } from '../cli-error.ts';
import { type BackoffBounds, createRestartBackoff } from '../processes/restart-backoff.ts';
import { plainText } from '../terminal/plain-text.ts';
import { untilAborted } from '../until-aborted.ts';
import { describeRedisUrl } from './reach-redis.ts';

/** The Redis of `up`: the user's own, or an embedded one that is started again when it ends. */
export interface RedisKeeper extends AsyncDisposable {
  /** Where it is now; a secret. Changes with every start of an embedded one. */
  readonly url: string;
  /** For people: `redis-server 7.0.15, private`. */
  readonly description: string;
}

export interface RedisKeeperOptions {
  readonly open: () => Promise<EmbeddedRedis>;
  readonly say: (line: string) => void;
  /** Called when the URL has changed: whoever uses the old one has lost it. */
  readonly onMoved: () => void;
  /** ms between attempts to start it again. */
  readonly backoff?: BackoffBounds;
}

/** A Redis that somebody else looks after. */
export function externalRedis(url: string): RedisKeeper {
  return {
    url,
    description: `Redis at ${describeRedisUrl(url)}`,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Opens the embedded Redis and keeps it running until disposed. Rejects with what the first opening throws. */
export async function keepRedis(options: RedisKeeperOptions): Promise<RedisKeeper> {
  const stop = new AbortController();
  const kept = { redis: await options.open() };
  const keeping = keepRunning(kept, options, stop.signal);
  return {
    get url() {
      return kept.redis.url;
    },
    description: `${kept.redis.server}, private`,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await keeping;
      await kept.redis[Symbol.asyncDispose]();
    },
  };
}

async function keepRunning(
  kept: { redis: EmbeddedRedis },
  options: RedisKeeperOptions,
  stop: AbortSignal,
): Promise<void> {
  const backoff = createRestartBackoff(options.backoff);
  const stopped = untilAborted(stop);
  while (!stop.aborted) {
    const started = performance.now();
    const end = await Promise.race([kept.redis.exited, stopped]);
    if (end === undefined) return;
    const ranFor = performance.now() - started;
    options.say(`Redis ended: ${plainText(end.reason)}; starting it again`);
    await kept.redis[Symbol.asyncDispose]();
    while (!stop.aborted) {
      await delay(backoff.after(ranFor), stop);
      if (stop.aborted || (await reopened(kept, options))) break;
    }
  }
}

async function reopened(
  kept: { redis: EmbeddedRedis },
  { open, say, onMoved }: RedisKeeperOptions,
): Promise<boolean> {
  try {
    kept.redis = await open();
    say('Redis runs again; the processes are started anew, for its socket is another one');
    onMoved();
    return true;
  } catch (error) {
    say(`Redis cannot be started: ${plainText(errorMessage(error))}; trying again`);
    return false;
  }
}
