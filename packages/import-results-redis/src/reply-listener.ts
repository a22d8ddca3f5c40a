import { setTimeout as pause } from 'node:timers/promises';
import { type GuardedRedis, openGuardedRedis, reconnectDelay } from '@tagtrail/redis-connection';
import { parseFields, parseRead, type RawEntry } from './parse-replies.ts';

/** ms that one read waits before the next one follows; within BLOCK_LIMIT. */
const READ_WAIT = 5_000;

/** Answers at most per read: more than a busy process gets at once, few enough to hold even if each is a long list. */
const READ_COUNT = 64;

/** Reading starts here on every connection: what was heard is deleted, and hearing it twice does no harm. */
const START = '0-0';

/** One entry of the stream of answers, as it was written. */
export interface Reply {
  readonly id: string;
  readonly slot: number;
  readonly text: string;
}

/**
 * Hears what is answered to one process, from its opening until it is disposed of.
 *
 * ```
 *             connected             entries
 * connecting ───────────▶ reading ──────────▶ told, deleted ──┐
 *     ▲                    │ ▲ └─ none in READ_WAIT ─┐        │
 *     └── failed, pause ◀──┘ └───────────────────────┴────────┘
 * ```
 *
 * An answer is told at least once. A lost connection does not lose it: it stays in the stream until it was heard. Nor
 * does a server whose clock or memory went back hide it behind an id that was seen before.
 */
export class ReplyListener implements AsyncDisposable {
  readonly #key: string;
  readonly #tell: (reply: Reply) => void;
  readonly #reader: GuardedRedis;
  readonly #closing = new AbortController();
  readonly #listening: Promise<void>;
  #heard = START;

  constructor(parts: {
    readonly url: string;
    /** Stream to read; need not exist. */
    readonly key: string;
    /** Must not throw. */
    readonly tell: (reply: Reply) => void;
  }) {
    this.#key = parts.key;
    this.#tell = parts.tell;
    this.#reader = openGuardedRedis({
      url: parts.url,
      name: 'replies',
      blocking: true,
      onConnected: async () => {
        this.#heard = START;
      },
    });
    this.#listening = this.#listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#reader[Symbol.asyncDispose]();
    await this.#listening;
  }

  async #listen(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#reader.ready();
        await this.#hear(await this.#read());
        failures = 0;
      } catch {
        // Whoever waits has a limit of its own, and says then that no answer came.
        failures += 1;
        await pause(reconnectDelay(failures), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #read(): Promise<readonly RawEntry[]> {
    const limits = ['COUNT', READ_COUNT, 'BLOCK', READ_WAIT];
    // In lower case: ioredis gives RESP3 replies their old shape by looking the name up as it is written.
    return parseRead(
      await this.#reader.redis.call('xread', ...limits, 'STREAMS', this.#key, this.#heard),
    );
  }

  async #hear(entries: readonly RawEntry[]): Promise<void> {
    const last = entries.at(-1);
    if (last === undefined) return;
    for (const { fields } of entries) {
      const named = parseFields(fields);
      const text = (name: string) => String(named.get(name));
      this.#tell({ id: text('id'), slot: Number(text('slot')), text: text('text') });
    }
    this.#heard = last.entry;
    // Lists of tags are long, and the stream's own bound counts entries only.
    await this.#reader.redis.xdel(this.#key, ...entries.map(({ entry }) => entry));
  }
}
