import { type AskedCoolDown, type CoolDowns, STRIKES_LIFE } from '@tagtrail/image-stream';
import { closeRedis, defineScript, type GuardedRedis, openRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import type { RecordKeys } from './keys.ts';
import { MAX_COOL_DOWNS } from './limits.ts';
import { packCoolDown, readCoolDownNews, unpackCoolDowns } from './pack-cool-down.ts';
import { type CoolDownListener, RememberedCoolDowns } from './remembered-cool-downs.ts';
import { whenReady } from './when-ready.ts';

const beginScript = defineScript(new URL('./begin-cool-down.lua', import.meta.url));

/** ms between looks whether the channel's connection still answers: it may be dead for long before anything is sent. */
const PROBE_INTERVAL = 15_000;

export interface CoolDownsOptions {
  readonly guarded: GuardedRedis;
  readonly keys: RecordKeys;
  readonly url: string;
  /** ms since the epoch. */
  readonly now?: () => number;
}

/** The cool-downs of a process, until it is disposed of. */
export type CoolDownsInRedis = CoolDowns & AsyncDisposable;

/**
 * Opens the cool-downs: a memory that is fed by this process, by a channel, and by the whole hash each time that the
 * channel is joined anew.
 * @throws StoreError `unavailable`
 */
export async function openCoolDowns(options: CoolDownsOptions): Promise<CoolDownsInRedis> {
  const coolDowns = new RedisCoolDowns(options);
  try {
    await coolDowns.listen();
  } catch (error) {
    await coolDowns[Symbol.asyncDispose]();
    throw error;
  }
  return coolDowns;
}

class RedisCoolDowns implements CoolDownsInRedis {
  readonly #guarded: GuardedRedis;
  readonly #key: string;
  readonly #memory: RememberedCoolDowns;
  readonly #now: () => number;
  readonly #channel: Redis;
  #probing: NodeJS.Timeout | undefined;
  /** Whether everything that is said is heard. */
  #joined = false;

  constructor({ guarded, keys, url, now = Date.now }: CoolDownsOptions) {
    this.#guarded = guarded;
    this.#key = keys.coolDowns;
    this.#now = now;
    this.#memory = new RememberedCoolDowns(now);
    this.#channel = openRedis({ url, name: 'cool-downs' });
    // ioredis would subscribe anew without anybody to hear of its failure.
    this.#channel.options.autoResubscribe = false;
    this.#channel.on('message', (_: string, text: string) => this.#hear(text));
    this.#channel.on('close', () => {
      this.#joined = false;
    });
  }

  of(host: string) {
    return this.#memory.of(host);
  }

  begin(host: string, asked: AskedCoolDown): void {
    const coolDown = this.#memory.begin(host, asked);
    if (coolDown === undefined) return;
    const forgotten = this.#now() - STRIKES_LIFE;
    const args = [host, coolDown.until, packCoolDown(coolDown), forgotten, MAX_COOL_DOWNS];
    const told = whenReady(this.#guarded, () =>
      beginScript(this.#guarded.redis, [this.#key], args),
    );
    // This process keeps to it all the same.
    told.catch(() => undefined);
  }

  onBegun(listener: CoolDownListener): () => void {
    return this.#memory.listen(listener);
  }

  /** From now on, over every reconnection. */
  async listen(): Promise<void> {
    await this.#join();
    this.#channel.on('ready', () => this.#probe());
    this.#probing = setInterval(() => this.#probe(), PROBE_INTERVAL).unref();
  }

  /** A failure is mended by the next probe: until then a registry has to say itself what it wants. */
  #probe(): void {
    const probed: Promise<unknown> = this.#joined ? this.#channel.ping() : this.#join();
    probed.catch(() => undefined);
  }

  /** First the channel, then the hash: nothing is said between them unheard. */
  #join(): Promise<void> {
    return whenReady(this.#guarded, async () => {
      await this.#channel.subscribe(this.#key);
      const all = await this.#guarded.redis.hgetall(this.#key);
      for (const one of unpackCoolDowns(all)) this.#memory.learn(one);
      this.#joined = true;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#probing);
    closeRedis(this.#channel);
  }

  #hear(text: string): void {
    const news = readCoolDownNews(text);
    if (news !== undefined) this.#memory.learn(news);
  }
}
