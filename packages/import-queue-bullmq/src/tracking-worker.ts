import { closeRedis } from '@tagtrail/redis-connection';
import { Worker } from 'bullmq';

type ProcessJob = Worker<unknown, void>['processJob'];

/** A BullMQ worker that knows which jobs are still under way, from being taken to being recorded as finished. */
export class TrackingWorker extends Worker<unknown, void> {
  readonly #underWay = new Set<Promise<unknown>>();
  /** The connection on which BullMQ waits for jobs, once it is there. */
  #blocking: Parameters<typeof closeRedis>[0] | undefined;
  #lastFinished: number | undefined;

  get active(): number {
    return this.#underWay.size;
  }

  /** ms since the epoch. */
  get lastFinished(): number | undefined {
    return this.#lastFinished;
  }

  /** Resolves when no job is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.allSettled(this.#underWay);
    }
  }

  override async waitUntilReady(): Promise<void> {
    await super.waitUntilReady();
    this.#blocking = await this.getBackend().blockingClient;
  }

  /** Closes without waiting for jobs, and in an outage too, where BullMQ alone would leave its wait for jobs standing. */
  async shut(): Promise<void> {
    const closed = this.close(true);
    if (this.#blocking !== undefined) {
      closeRedis(this.#blocking);
    }
    await closed;
  }

  override async processJob(...job: Parameters<ProcessJob>): ReturnType<ProcessJob> {
    const finished = super.processJob(...job);
    this.#underWay.add(finished);
    try {
      return await finished;
    } finally {
      this.#underWay.delete(finished);
      this.#lastFinished = Date.now();
    }
  }
}
