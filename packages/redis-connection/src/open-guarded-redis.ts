import type { Redis } from 'ioredis';
import {
  BLOCKING_OPTIONS,
  connectionOptions,
  REPLY_MAPPING,
  reconnectDelay,
} from './connection-options.ts';
import { describeRedisError } from './describe-redis-error.ts';
import { GuardedClient } from './guarded-client.ts';
import { parseRedisUrl } from './parse-redis-url.ts';
import { RedisConnectionError } from './redis-connection-error.ts';

/** ms. Longer than the longest pause between two attempts to connect, so that a server that is back is found. */
export const READY_WAIT = 8_000;

/** ms. What a well server needs to answer QUIT behind the commands already sent; then the socket is cut. */
const QUIT_WAIT = 1_000;

/** A connection whose every command is known to reach a run of the server that `onConnected` has seen. */
export interface GuardedRedis extends AsyncDisposable {
  /** For commands after `ready()`. Commands at any other time reject at once; none is queued or sent twice. */
  readonly redis: Redis;
  /**
   * Resolves once connected and `onConnected` has run on this connection; pending again from the moment it
   * closes. Await it before each command that must not meet a stranger.
   * Throws RedisConnectionError: `unavailable` after READY_WAIT ms, `closed` when disposed of.
   */
  ready(): Promise<void>;
}

export interface GuardedRedisOptions {
  readonly url: string;
  /** Shown in CLIENT LIST, behind `tagtrail:`. */
  readonly name: string;
  /** Runs on every new connection before anyone else may use it; when it throws, the connection is given up. */
  readonly onConnected?: (redis: Redis) => Promise<void>;
  /** The connection is for commands that wait on the server, at most BLOCK_LIMIT ms each. */
  readonly blocking?: boolean;
  /** ms, in place of READY_WAIT. */
  readonly readyWait?: number;
}

/**
 * Opens a connection for work that must notice when the server behind it changes.
 *
 * ```
 *            'ready'            onConnected resolved
 * connecting ───────▶ adopting ─────────────────────▶ ready
 *      ▲                 │ rejected                     │
 *      └──── 'close' ◀───┴──────────────────────────────┘
 * ```
 *
 * Throws RedisConnectionError `invalid-url`; being unable to connect is not an error here but in `ready()`.
 */
export function openGuardedRedis(options: GuardedRedisOptions): GuardedRedis {
  return new GuardedConnection(options);
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: RedisConnectionError) => void;
  readonly timer: NodeJS.Timeout;
}

class GuardedConnection implements GuardedRedis {
  readonly redis: GuardedClient;
  readonly #onConnected: (redis: Redis) => Promise<void>;
  readonly #readyWait: number;
  readonly #blocking: boolean;
  readonly #waiters = new Set<Waiter>();
  /** Connections given up in a row because `onConnected` failed: ioredis forgets its count at every 'ready'. */
  #refusals = 0;
  #lastError: unknown;
  #disposal: Promise<void> | undefined;

  constructor(options: GuardedRedisOptions) {
    this.#onConnected = options.onConnected ?? (async () => undefined);
    this.#readyWait = options.readyWait ?? READY_WAIT;
    this.#blocking = options.blocking === true;
    this.redis = new GuardedClient({
      ...parseRedisUrl(options.url),
      ...connectionOptions(options.name),
      ...(this.#blocking ? BLOCKING_OPTIONS : {}),
      retryStrategy: (attempt) => reconnectDelay(attempt + this.#refusals),
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      // Without a resend ioredis drops interrupted commands unanswered; 0 makes it reject them at the close.
      maxRetriesPerRequest: 0,
      replyMapping: REPLY_MAPPING,
    });
    this.#listen();
  }

  ready(): Promise<void> {
    if (this.#disposal !== undefined) {
      return Promise.reject(closed());
    }
    return this.redis.isOpen ? Promise.resolve() : this.#wait();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  #listen(): void {
    this.redis.on('error', (error) => {
      this.#lastError = error;
    });
    this.redis.on('close', () => this.redis.shut());
    this.redis.on('ready', () => void this.#adopt());
  }

  /** Never rejects. */
  async #adopt(): Promise<void> {
    const { connection } = this.redis;
    try {
      await this.redis.admit(() => this.#onConnected(this.redis));
    } catch (error) {
      if (connection === this.redis.connection) {
        this.#lastError = error;
        this.#refusals += 1;
        this.redis.disconnect(true);
      }
      return;
    }
    if (connection === this.redis.connection && this.#disposal === undefined) {
      this.#refusals = 0;
      this.redis.open();
      this.#settle((waiter) => waiter.resolve());
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        resolve,
        reject,
        timer: setTimeout(() => {
          this.#waiters.delete(waiter);
          reject(this.#unavailable());
        }, this.#readyWait),
      };
      this.#waiters.add(waiter);
    });
  }

  #settle(how: (waiter: Waiter) => void): void {
    for (const waiter of this.#waiters) {
      clearTimeout(waiter.timer);
      how(waiter);
    }
    this.#waiters.clear();
  }

  #unavailable(): RedisConnectionError {
    const failed = `no usable Redis connection within ${this.#readyWait} ms`;
    if (this.#lastError === undefined) {
      return new RedisConnectionError('unavailable', failed);
    }
    const { message, cause } = describeRedisError(this.#lastError);
    return new RedisConnectionError('unavailable', `${failed}: ${message}`, { cause });
  }

  async #dispose(): Promise<void> {
    this.#settle((waiter) => waiter.reject(closed()));
    if (this.redis.isOpen && !this.#blocking) {
      await this.#quit();
    }
    this.redis.disconnect();
    this.redis.shut();
  }

  /** QUIT is answered after every command sent before it; a blocking connection might not get there for long. */
  #quit(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, QUIT_WAIT);
      const settled = () => {
        clearTimeout(timer);
        resolve();
      };
      this.redis.quit().then(settled, settled);
    });
  }
}

function closed(): RedisConnectionError {
  return new RedisConnectionError('closed', 'the Redis connection was closed');
}
