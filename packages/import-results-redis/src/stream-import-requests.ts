import type { ImportRequests, OpenRequest } from '@tagtrail/import-contract';
import { type GuardedRedis, openGuardedRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { OPEN_FIELD, repliesKey, requestKey } from './import-request-keys.ts';
import { OpenSlots } from './open-slots.ts';
import { type Reply, ReplyListener } from './reply-listener.ts';
import { ResultLogError, resultLogError } from './result-log-error.ts';

/** ms; nobody waits for longer, and what a dead process left is gone after it. */
const LIFETIME_LIMIT = 3_600_000;

/**
 * Redis's side of the ImportRequests port. One listener hears all answers of the process; a slot is filled once, so that
 * what is heard again after a lost connection changes nothing. When the server forgot a request, nobody answers it: its
 * waits end when it is disposed of, and whoever waits must bound them.
 */
export class StreamImportRequests implements ImportRequests {
  readonly replyTo: string;
  readonly #slot: string;
  readonly #writer: GuardedRedis;
  readonly #listener: ReplyListener;
  readonly #open = new Map<string, OpenSlots>();
  #closed = false;

  constructor(parts: { readonly url: string; readonly slot: string; readonly replyTo: string }) {
    const { url, slot, replyTo } = parts;
    this.replyTo = replyTo;
    this.#slot = slot;
    this.#writer = openGuardedRedis({ url, name: 'requests' });
    this.#listener = new ReplyListener({
      url,
      key: repliesKey(slot, replyTo),
      tell: (reply) => this.#fill(reply),
    });
  }

  /** Resolves once connected. */
  async reach(): Promise<void> {
    await this.#use('reach the requests', async () => undefined);
  }

  async open({ id, lifetime }: Parameters<ImportRequests['open']>[0]): Promise<OpenRequest> {
    const key = requestKey(this.#slot, id);
    const slots = new OpenSlots();
    this.#open.set(id, slots);
    try {
      await this.#use('register a request', (redis) => register(redis, key, lifetime));
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
    return {
      id,
      answer: (slot) => slots.answer(slot),
      [Symbol.asyncDispose]: () => this.#forget(id, slots),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const slots of this.#open.values()) slots.end(closed());
    const keys = [...this.#open.keys()].map((id) => requestKey(this.#slot, id));
    this.#open.clear();
    // In one command: no commit can fill a slot, and so bring the stream back, in between.
    await this.#remove([...keys, repliesKey(this.#slot, this.replyTo)]);
    await this.#listener[Symbol.asyncDispose]();
    await this.#writer[Symbol.asyncDispose]();
  }

  #fill({ id, slot, text }: Reply): void {
    this.#open.get(id)?.fill(slot, text);
  }

  async #forget(id: string, slots: OpenSlots): Promise<void> {
    if (!this.#open.delete(id)) return;
    slots.end(closed());
    await this.#remove([requestKey(this.#slot, id)]);
  }

  /** What cannot be removed without a connection expires. */
  async #remove(keys: readonly string[]): Promise<void> {
    if (this.#writer.redis.status !== 'ready') return;
    await this.#writer.redis.unlink(...keys).catch(() => undefined);
  }

  async #use<T>(attempt: string, work: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      await this.#writer.ready();
      if (this.#closed) throw closed();
      return await work(this.#writer.redis);
    } catch (error) {
      throw this.#closed ? closed() : resultLogError(attempt, error);
    }
  }
}

/** Both or neither: a request that never ended would be filled for nobody. */
async function register(redis: Redis, key: string, lifetime: number): Promise<void> {
  const expiry = Math.max(1, Math.min(Math.ceil(lifetime), LIFETIME_LIMIT));
  const replies = await redis.multi().hset(key, OPEN_FIELD, '1').pexpire(key, expiry).exec();
  // A command that fails inside a transaction does not reject it.
  const failure = replies?.find(([error]) => error !== null)?.[0];
  if (failure) throw failure;
}

function closed(): ResultLogError {
  return new ResultLogError('closed', 'nobody waits for the answers of this request any more');
}
