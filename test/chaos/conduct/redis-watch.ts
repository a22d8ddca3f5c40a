import type { ImageStream } from '@tagtrail/image-stream';
import { Redis } from 'ioredis';
import { KEYS } from '../installation/settings.ts';
import { until } from '../installation/until.ts';
import type { LogEntry } from '../judge/facts.ts';
import type { OutageBook } from './outage-book.ts';

/** ms between two looks. */
const INTERVAL = 100;
/** Entries of the change log read at once. */
const BATCH = 500;
/** ms for one command: a frozen Redis answers later, and the look counts as failed. */
const COMMAND_LIMIT = 1_000;
/** ms to wait for Redis to come back before a fault's victims are asked for. */
const CAPTURE_LIMIT = 30_000;

/** Looks into Redis from outside, all the time: the change log, active jobs, and which tags a fault holds up. */
export class RedisWatch {
  readonly log: LogEntry[] = [];
  readonly redis: Redis;
  /** Import jobs that ran at the last look. */
  active = 0;
  readonly #book: OutageBook;
  readonly #held = new Map<string, (after?: number) => void>();
  #last = '-';
  #lookedAt = Date.now();
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(path: string, book: OutageBook) {
    this.#book = book;
    this.redis = new Redis({
      path,
      commandTimeout: COMMAND_LIMIT,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      retryStrategy: () => INTERVAL,
    });
    this.redis.on('error', () => undefined); // expected: Redis is killed on purpose
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
    this.redis.disconnect();
  }

  /** Reads what is new now. @throws when Redis is out of reach */
  async look(): Promise<void> {
    const before = this.#lookedAt;
    const asked = Date.now();
    const ids = await this.#activeIds();
    this.active = ids.length;
    const leases = [...(await this.leases())].filter(([, end]) => end > asked);
    this.#release(new Set([...ids, ...leases.map(([member, end]) => leaseName(member, end))]));
    await this.#readLog(before);
    this.#lookedAt = asked;
  }

  /**
   * Finds out which tags a fault that happened just now holds up: those with a job that runs, until the job is gone
   * from the list of active ones; and those with a lease, until it ends or is given up.
   */
  async capture(): Promise<void> {
    const read = async () => ({ jobs: await this.#activeJobs(), leases: await this.leases() });
    const found = await until(read, CAPTURE_LIMIT);
    if (found === undefined) return;
    for (const { id, member } of found.jobs) this.#hold(id, member);
    for (const [member, end] of found.leases) this.#hold(leaseName(member, end), member);
  }

  /** `namespace/name:tag` → end of its lease. */
  async leases(): Promise<ReadonlyMap<string, number>> {
    const hosts = await this.redis.zrange(KEYS.hosts, '0', '-1');
    const leases = new Map<string, number>();
    for (const host of hosts) {
      for (const [member, end] of await this.scores(`${KEYS.leases}${host}`))
        leases.set(member, end);
    }
    return leases;
  }

  async scores(key: string): Promise<ReadonlyMap<string, number>> {
    const flat = await this.redis.zrange(key, '0', '-1', 'WITHSCORES');
    const scores = new Map<string, number>();
    for (let at = 0; at < flat.length; at += 2) scores.set(flat[at] ?? '', Number(flat[at + 1]));
    return scores;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      // Out of reach on purpose: what was missed is read later.
      await this.look().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  }

  async #activeIds(): Promise<readonly string[]> {
    const lists = await Promise.all(
      KEYS.queues.map(async (queue) => {
        const ids = await this.redis.lrange(`${queue}:active`, 0, -1);
        return ids.map((id) => `${queue}:${id}`);
      }),
    );
    return lists.flat();
  }

  async #activeJobs(): Promise<readonly { readonly id: string; readonly member: string }[]> {
    const ids = await this.#activeIds();
    const payloads = await Promise.all(ids.map((id) => this.redis.hget(id, 'data')));
    return ids.flatMap((id, at) => {
      const payload = payloads[at];
      return payload ? [{ id, member: memberOf(payload) }] : [];
    });
  }

  #hold(name: string, member: string): void {
    if (!this.#held.has(name)) this.#held.set(name, this.#book.open(member));
  }

  #release(standing: ReadonlySet<string>): void {
    for (const [name, close] of this.#held) {
      if (standing.has(name)) continue;
      close();
      this.#held.delete(name);
    }
  }

  async #readLog(earliest: number): Promise<void> {
    for (;;) {
      const start = this.#last === '-' ? '-' : `(${this.#last}`;
      const entries = await this.redis.xrange(KEYS.log, start, '+', 'COUNT', BATCH);
      const latest = Date.now();
      for (const [id, fields] of entries) {
        this.log.push(readEntry(id, fields, { earliest, latest }));
        this.#last = id;
      }
      if (entries.length < BATCH) return;
    }
  }
}

/** One claim of one tag: another claim has another end. */
function leaseName(member: string, end: number): string {
  return `lease of ${member} until ${end}`;
}

function memberOf(payload: string): string {
  const { key } = JSON.parse(payload) as { key: { namespace: string; name: string; tag?: string } };
  return `${key.namespace}/${key.name}:${key.tag ?? '*'}`;
}

function readEntry(id: string, fields: readonly string[], at: LogEntry['at']): LogEntry {
  const named = new Map<string, string>();
  for (let index = 0; index < fields.length; index += 2) {
    named.set(fields[index] ?? '', fields[index + 1] ?? '');
  }
  const version = Number(id.split('-')[0]);
  const object = (name: string) => readObject(named.get(name) ?? '');
  return { version, member: named.get('k') ?? '', before: object('b'), after: object('a'), at };
}

function readObject(text: string): ImageStream | undefined {
  return text === '' ? undefined : (JSON.parse(text) as ImageStream);
}
