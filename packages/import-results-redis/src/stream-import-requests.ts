import { setTimeout as pause } from 'node:timers/promises';
import type { ImportRequests, OpenRequest } from '@tagtrail/import-contract';
import { type GuardedRedis, openGuardedRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { OPEN_FIELD, repliesKey, requestKey } from './import-request-keys.ts';
import { OpenSlots } from './open-slots.ts';
import { parseFields, parseRead } from './parse-replies.ts';
import { ResultLogError, resultLogError } from './result-log-error.ts';

/** ms that one read waits; also how soon a dead connection is noticed. */
const READ_WAIT = 5_000;
/** Answers at most per read. */
const READ_COUNT = 500;
/** ms after a read that failed. */
const RETRY_PAUSE = 200;
/** ms; nobody waits for longer, and what a dead process left is gone after it. */
const LIFETIME_LIMIT = 3_600_000;

/**
 * Redis's side of the ImportRequests port. One reader hears all answers of the process; it goes on from the last one that it
 * saw, so none is missed or told twice over a lost connection.
 */
export class StreamImportRequests implements ImportRequests {
  readonly replyTo: string;
  readonly #slot: string;
  readonly #writer: GuardedRedis;
  readonly #reader: GuardedRedis;
  readonly #open = new Map<string, OpenSlots>();
  readonly #closing = new AbortController();
  readonly #listening: Promise<void>;

  constructor(parts: { readonly url: string; readonly slot: string; readonly replyTo: string }) {
    const { url, slot, replyTo } = parts;
    this.replyTo = replyTo;
    this.#slot = slot;
    this.#writer = openGuardedRedis({ url, name: 'requests' });
    this.#reader = openGuardedRedis({ url, name: 'replies', blocking: true });
    this.#listening = this.#listen();
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
      await this.#use('register a request', (redis) =>
        redis
          .multi()
          .hset(key, OPEN_FIELD, '1')
          .pexpire(key, Math.min(lifetime, LIFETIME_LIMIT))
          .exec(),
      );
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
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      for (const slots of this.#open.values()) slots.end(closed());
      const keys = [...this.#open.keys()].map((id) => requestKey(this.#slot, id));
      await this.#remove([...keys, repliesKey(this.#slot, this.replyTo)]);
      await this.#reader[Symbol.asyncDispose]();
      await this.#writer[Symbol.asyncDispose]();
    }
    await this.#listening;
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

  async #listen(): Promise<void> {
    const { signal } = this.#closing;
    let last = '0-0';
    while (!signal.aborted) {
      try {
        await this.#reader.ready();
        last = (await this.#readFrom(last)) ?? last;
      } catch {
        // Whoever waits has a limit of its own, and the reader finds the server again by itself.
        await pause(RETRY_PAUSE, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Hands out the next answers; resolves to the id of the last one. */
  async #readFrom(last: string): Promise<string | undefined> {
    const key = repliesKey(this.#slot, this.replyTo);
    // In lower case: ioredis gives RESP3 replies their old shape by looking the name up as it is written.
    const limits = ['COUNT', READ_COUNT, 'BLOCK', READ_WAIT];
    const reply = await this.#reader.redis.call('xread', ...limits, 'STREAMS', key, last);
    const entries = parseRead(reply);
    for (const { fields } of entries) {
      const named = parseFields(fields);
      const slots = this.#open.get(String(named.get('id')));
      slots?.fill(Number(named.get('slot')), String(named.get('text')));
    }
    return entries.at(-1)?.entry;
  }

  async #use<T>(attempt: string, work: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      await this.#writer.ready();
      return await work(this.#writer.redis);
    } catch (error) {
      throw this.#closing.signal.aborted ? closed() : resultLogError(attempt, error);
    }
  }
}

function closed(): ResultLogError {
  return new ResultLogError('closed', 'nobody waits for the answers of this request any more');
}
