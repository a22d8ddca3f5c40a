import { type ImageDocument, upsertTag } from '@tagtrail/image-stream';
import type { ImageStreamRedis } from '@tagtrail/image-stream-redis';
import {
  type ImportJob,
  isListingJob,
  type QueuedImport,
  type QueuedJob,
  type QueueMetrics,
  type SlotAnswer,
} from '@tagtrail/import-contract';
import { anEvent, moveTag } from './a-stream.ts';
import { imageDocument } from './an-image.ts';
import type { MemoryImportRequests } from './memory-import-requests.ts';

export const IDLE_QUEUE: QueueMetrics = {
  waiting: 0,
  active: 0,
  delayed: 0,
  failed: 0,
  completed: 0,
  oldestWait: 0,
};

/** What an image of a registry is, or what asking for it ends in; undefined is never answered. */
export type ScriptedImage =
  | { readonly digest: string; readonly document?: Partial<ImageDocument> }
  | SlotAnswer
  | undefined;

const SETTINGS = { defaultInterval: 9e5, minimumInterval: 1e3, hostIntervals: {}, retryBase: 5e3 };

/**
 * A queue whose jobs are done at once: images and lists come from a script, by `from`, and what is to be recorded is
 * committed to the store before it is answered, as worker and status writer do between them.
 */
export class ScriptedWorkers {
  readonly jobs: QueuedJob[] = [];
  readonly registry: Record<string, ScriptedImage> = {};
  waiting = 0;
  readonly #store: ImageStreamRedis;
  readonly #requests: MemoryImportRequests;

  constructor(store: ImageStreamRedis, requests: MemoryImportRequests) {
    this.#store = store;
    this.#requests = requests;
  }

  /** Jobs of the newest request, in the order in which they were added. */
  get newest(): readonly QueuedJob[] {
    const id = this.jobs.at(-1)?.request?.id;
    return this.jobs.filter(({ request }) => request?.id === id);
  }

  metrics(): Promise<QueueMetrics> {
    return Promise.resolve({ ...IDLE_QUEUE, waiting: this.waiting });
  }

  /** Jobs that were taken back. */
  readonly withdrawn: QueuedJob[] = [];

  async withdraw(jobs: readonly QueuedJob[]): Promise<void> {
    this.withdrawn.push(...jobs);
  }

  async enqueue(imports: readonly QueuedImport[]): Promise<void> {
    for (const { job } of imports) {
      this.jobs.push(job);
      const answer = await this.#run(job);
      if (answer !== undefined && job.request) this.#requests.fill(job.request, answer);
    }
  }

  async #run(job: QueuedJob): Promise<SlotAnswer | undefined> {
    const found = this.registry[job.from];
    if (found === undefined || 'kind' in found) return found;
    const [repository = ''] = job.from.split(/[:@](?!.*\/)/);
    const dockerImageReference = `${repository}@${found.digest}`;
    const document = { ...imageDocument, ...found.document, digest: found.digest };
    await this.#store.images.save([{ ...document, dockerImageReference }]);
    if (!isListingJob(job) && job.records) await this.#record(job, found.digest, document);
    return { kind: 'imported', image: found.digest, dockerImageReference };
  }

  async #record(job: ImportJob, image: string, document: Partial<ImageDocument>): Promise<void> {
    const { streams, checks } = this.#store;
    const { key, from, records } = job;
    if (records === undefined) return;
    const { importPolicy, referencePolicy } = records;
    const tag = { name: key.tag, from: { kind: 'DockerImage', name: from } };
    const write = upsertTag(
      await streams.read(key),
      { key, tag: { ...tag, importPolicy, referencePolicy } },
      { now: 0, uid: key.uid, settings: SETTINGS, checks: await checks.readChecks(key.uid) },
    );
    if (!write.ok) throw new Error(JSON.stringify(write.causes));
    await streams.commit(write.change);
    await moveTag(this.#store, key, anEvent({ image }), document);
  }
}
