import { AccessControlError } from './access-control-error.ts';
import { type AccessTokenRecord, MAX_ACCESS_TOKENS } from './access-token.ts';
import type { AccessTokenStore } from './access-token-store.ts';

/** ms that what the store said of a token is believed: so long does a revoked token still work. */
export const ACCESS_FRESHNESS = 10_000;
/** ms beyond that for which a known token goes on working while the store is away: a restart of Redis takes less. */
export const OUTAGE_GRACE = 60_000;
/** ms between two questions to a store that was away, so that not every request waits for the same failure. */
const RETRY_PAUSE = 5_000;
/** Ids without a token that are remembered, apart from those with one: wrong ids in any number push out only each other. */
const MAX_UNKNOWN = 1_000;

interface Held {
  readonly record: AccessTokenRecord;
  /** ms since the epoch, from before the store was asked: a token revoked later may still be in its answer. */
  readonly readAt: number;
  /** ms since the epoch, until which nobody asks again. */
  askAfter: number;
}

/** What the store said of tokens within the last seconds, by id. Many who want to know the same ask once. */
export class RecordCache {
  readonly #store: Pick<AccessTokenStore, 'read'>;
  readonly #now: () => number;
  readonly #known = new Map<string, Held>();
  /** Id → ms since the epoch, until which there is no token of this id. */
  readonly #unknown = new Map<string, number>();
  readonly #reading = new Map<string, Promise<AccessTokenRecord | undefined>>();

  constructor(store: Pick<AccessTokenStore, 'read'>, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Throws AccessControlError. */
  async find(id: string): Promise<AccessTokenRecord | undefined> {
    const now = this.#now();
    const held = this.#known.get(id);
    if (held !== undefined && now < held.askAfter) return held.record;
    if (now < (this.#unknown.get(id) ?? 0)) return undefined;
    try {
      return await this.#readOnce(id);
    } catch (error) {
      if (held === undefined || !this.#isTidedOver(held, error)) throw error;
      held.askAfter = this.#now() + RETRY_PAUSE;
      return held.record;
    }
  }

  #isTidedOver({ readAt }: Held, error: unknown): boolean {
    if (!(error instanceof AccessControlError) || error.code !== 'unavailable') return false;
    return this.#now() < readAt + ACCESS_FRESHNESS + OUTAGE_GRACE;
  }

  #readOnce(id: string): Promise<AccessTokenRecord | undefined> {
    const running = this.#reading.get(id);
    if (running !== undefined) return running;
    const reading = this.#read(id).finally(() => this.#reading.delete(id));
    this.#reading.set(id, reading);
    return reading;
  }

  async #read(id: string): Promise<AccessTokenRecord | undefined> {
    const readAt = this.#now();
    const record = await this.#store.read(id);
    const askAfter = readAt + ACCESS_FRESHNESS;
    this.#known.delete(id);
    if (record === undefined) keep(this.#unknown, { id, value: askAfter, limit: MAX_UNKNOWN });
    else {
      const value = { record, readAt, askAfter };
      keep(this.#known, { id, value, limit: MAX_ACCESS_TOKENS });
    }
    return record;
  }
}

/** Puts an entry at the end, and drops the first one, which is the oldest, when there are too many. */
function keep<T>(
  entries: Map<string, T>,
  { id, value, limit }: { readonly id: string; readonly value: T; readonly limit: number },
): void {
  entries.delete(id);
  entries.set(id, value);
  const [oldest] = entries.keys();
  if (entries.size > limit && oldest !== undefined) entries.delete(oldest);
}
