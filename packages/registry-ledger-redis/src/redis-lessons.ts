import { type GuardedRedis, slotKey } from '@tagtrail/redis-connection';
import type { HostLessons, LessonStore } from '@tagtrail/registry-ledger';
import { decodeLessons } from './decode-lessons.ts';

/** ms that lessons are kept after they were last written; each one has an earlier end of its own. */
const LESSONS_LIFETIME = 7 * 24 * 60 * 60 * 1000;

export interface RedisLessonsParts {
  readonly guarded: GuardedRedis;
  readonly slot: string;
  /** Is told when the store is out of use, and everybody learns for themselves. */
  readonly onTrouble: (error: unknown) => void;
}

/** What hosts have taught, one key per host in Redis. */
export class RedisLessons implements LessonStore {
  readonly #parts: RedisLessonsParts;

  constructor(parts: RedisLessonsParts) {
    this.#parts = parts;
  }

  async read(host: string): Promise<HostLessons | undefined> {
    try {
      const text = await this.#parts.guarded.redis.get(this.#key(host));
      return text === null ? undefined : decodeLessons(text);
    } catch (error) {
      this.#parts.onTrouble(error);
      return undefined;
    }
  }

  async write(host: string, lessons: HostLessons): Promise<void> {
    try {
      const text = JSON.stringify(lessons);
      await this.#parts.guarded.redis.set(this.#key(host), text, 'PX', LESSONS_LIFETIME);
    } catch (error) {
      this.#parts.onTrouble(error);
    }
  }

  #key(host: string): string {
    return slotKey(this.#parts.slot, 'lessons', host);
  }
}
