import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportJobSource, ImportQueue } from '@tagtrail/import-contract';
import { openRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import type { JobSourceLimits } from '../bull-import-job-source.ts';
import { openImportJobSource } from '../open-import-job-source.ts';
import { openImportQueue } from '../open-import-queue.ts';
import type { QueueName } from '../queue-settings.ts';
import type { Runs } from './import-jobs.ts';

/** Where BullMQ keeps the queue, by default. */
export const KEY = '{tagtrail-queue}:imports';

/** So short that a test can wait for a lock to run out. */
export const HASTY: Partial<JobSourceLimits> = {
  lockDuration: 400,
  stalledInterval: 200,
  drainDelay: 1,
};

/** A source at work, with what it reports. For tests only. */
export interface Work extends AsyncDisposable {
  readonly source: ImportJobSource;
  readonly errors: readonly Error[];
  readonly ended: Promise<void>;
  /** Resolves when `count` errors were reported. */
  failed(count: number): Promise<void>;
  abort(): void;
}

/** A queue on one server, sources at work on it, and a connection beside them. For tests only. */
export class QueueFixture implements AsyncDisposable {
  readonly url: string;
  readonly queue: ImportQueue;
  readonly direct: Redis;
  readonly #works: Work[] = [];

  constructor(url: string, queue: ImportQueue) {
    this.url = url;
    this.queue = queue;
    this.direct = openRedis({ url, name: 'test' });
  }

  async start(
    runs: Runs,
    options: {
      limits?: Partial<JobSourceLimits>;
      url?: string;
      concurrency?: number;
      queue?: QueueName;
    } = {},
  ): Promise<Work> {
    const errors = new ErrorList();
    const source = await openImportJobSource({
      url: this.url,
      concurrency: 10,
      onError: errors.add,
      ...options,
    });
    const controller = new AbortController();
    const work: Work = {
      source,
      errors: errors.all,
      ended: source.run(runs.run, controller.signal),
      failed: (count) => errors.reached(count),
      abort: () => controller.abort(),
      [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
    };
    this.#works.push(work);
    return work;
  }

  /** Whether no job waits or runs. */
  readonly isEmpty = async (): Promise<boolean> => {
    const { waiting, active } = await this.queue.metrics();
    return waiting + active === 0;
  };

  /** Disposes of the sources, and empties the server. */
  async clear(): Promise<void> {
    await Promise.all(this.#works.splice(0).map((work) => work[Symbol.asyncDispose]()));
    await this.direct.flushall();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clear();
    await this.queue[Symbol.asyncDispose]();
    this.direct.disconnect();
  }
}

export async function openQueueFixture(url: string): Promise<QueueFixture> {
  return new QueueFixture(url, await openImportQueue({ url }));
}

/** Looks again on every turn of the event loop until it is so. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await nextTurn();
  }
}

class ErrorList {
  readonly all: Error[] = [];
  readonly #waiters: { readonly count: number; readonly resolve: () => void }[] = [];

  readonly add = (error: Error): void => {
    this.all.push(error);
    for (const { count, resolve } of this.#waiters) {
      if (this.all.length >= count) {
        resolve();
      }
    }
  };

  reached(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ count, resolve });
      if (this.all.length >= count) {
        resolve();
      }
    });
  }
}
