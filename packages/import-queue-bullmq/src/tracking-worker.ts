import { closeRedis } from '@tagtrail/redis-connection';
import { Worker } from 'bullmq';

type ProcessJob = Worker<unknown, void>['processJob'];

/** A BullMQ worker that knows which jobs are still under way, from being taken to being recorded as finished. */
export class TrackingWorker extends Worker<unknown, void> {
  readonly #underWay = new Set<Promise<unknown>>();
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

  /** Closes without waiting for jobs, and in an outage too, where BullMQ alone would leave its wait for jobs standing. */
  async shut(): Promise<void> {
    const blocking = await this.getBackend().blockingClient;
    const closed = this.close(true);
    if (blocking !== undefined) {
      closeRedis(blocking);
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
