import {
  atTag,
  type ImageImportSpec,
  type ImageStreamImportSpec,
  type ImportSource,
  type ImportStatus,
  LISTED_TAGS_IMPORTED,
  type RepositoryImportSpec,
  readImportSource,
} from '@tagtrail/image-stream';
import {
  createRequestedJob,
  createRequestedListing,
  type ImportQueue,
  type QueuedJob,
} from '@tagtrail/import-contract';
import type { Admission } from './admit-import.ts';
import { failedStatus, unreadableStatus } from './import-status.ts';
import type { HeardAnswer, RequestSlots } from './request-slots.ts';

/** What became of one image. */
export interface LookedImage {
  readonly spec: ImageImportSpec;
  /** The tag to show; empty for a digest without `to`. */
  readonly tag: string;
  readonly outcome:
    | Extract<HeardAnswer, { readonly kind: 'imported' }>
    | { readonly kind: 'failed'; readonly status: ImportStatus };
}

export type LookedRepository =
  | {
      readonly kind: 'listed';
      readonly images: readonly LookedImage[];
      readonly additionalTags: readonly string[];
    }
  | { readonly kind: 'failed'; readonly status: ImportStatus };

export interface LookedImport {
  /** In the order of `spec.images`. */
  readonly images: readonly LookedImage[];
  readonly repository: LookedRepository | undefined;
}

export interface ImportRunParts {
  readonly admission: Admission;
  readonly spec: ImageStreamImportSpec;
  /** False for a mere look. */
  readonly records: boolean;
  readonly slots: RequestSlots;
  readonly queue: Pick<ImportQueue, 'enqueue' | 'withdraw'>;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** An image that is being looked at, or whose source can't be read. */
interface AskedImage {
  readonly spec: ImageImportSpec;
  readonly tag: string;
  readonly source?: ImportSource;
  readonly answer:
    | Promise<HeardAnswer>
    | { readonly kind: 'refused'; readonly status: ImportStatus };
}

/**
 * Asks for everything of one request and waits for the answers. A repository takes two steps: its tags, then the images
 * of the first ones. Throws StatusError Conflict as soon as one answer is a conflict.
 */
export class ImportRun {
  readonly #parts: ImportRunParts;
  readonly #images: readonly AskedImage[];
  #jobs: QueuedJob[] = [];
  readonly #enqueued: QueuedJob[] = [];

  constructor(parts: ImportRunParts) {
    this.#parts = parts;
    this.#images = parts.spec.images.map((spec) => this.#ask(spec, parts.records));
  }

  async run(signal: AbortSignal): Promise<LookedImport> {
    const { repository } = this.#parts.spec;
    const listing = repository && this.#askTags(repository);
    await this.#enqueue();
    const [images, tags] = await Promise.all([
      Promise.all(this.#images.map(heard)),
      listing === undefined || repository === undefined
        ? undefined
        : this.#hearRepository(repository, listing, signal),
    ]);
    return { images, repository: tags };
  }

  /** Takes back what no worker has taken yet. What can't be taken back goes on, and nobody hears of it. */
  async withdraw(): Promise<void> {
    await this.#parts.queue.withdraw(this.#enqueued).catch(() => undefined);
  }

  async #hearRepository(
    spec: RepositoryImportSpec,
    listing: AskedImage['answer'],
    signal: AbortSignal,
  ): Promise<LookedRepository> {
    const answer = await listing;
    if (answer.kind === 'refused') return { kind: 'failed', status: answer.status };
    if (answer.kind === 'failed') return { kind: 'failed', status: failedStatus(answer) };
    if (answer.kind !== 'listed') throw misplaced(answer);
    // Nobody waits any more: what comes now would be work for nobody.
    signal.throwIfAborted();
    const { wanted, additionalTags } = this.#chooseTags(spec, answer.tags);
    const asked = wanted.map((tag) => this.#askListed(spec, tag));
    await this.#enqueue();
    return { kind: 'listed', images: await Promise.all(asked.map(heard)), additionalTags };
  }

  /** The first tags by priority, and those that are asked for one by one besides. */
  #chooseTags(spec: RepositoryImportSpec, tags: readonly string[]) {
    const rest = tags.slice(LISTED_TAGS_IMPORTED);
    const isAsked = (tag: string) => this.#find(spec, tag) !== undefined;
    const first = tags.slice(0, LISTED_TAGS_IMPORTED);
    return {
      wanted: [...first, ...rest.filter(isAsked)],
      additionalTags: rest.filter((tag) => !isAsked(tag)),
    };
  }

  /** A tag of the repository. One that another image of the request is for stays that image's. */
  #askListed(repository: RepositoryImportSpec, tag: string): AskedImage {
    const { records } = this.#parts;
    const spec = {
      ...repository,
      from: { ...repository.from, name: atTag(repository.from.name, tag) },
      to: { name: tag },
    };
    const found = this.#find(repository, tag);
    const isSame = found !== undefined && (!records || found.spec.to?.name === tag);
    if (isSame) return { ...found, tag, spec };
    const isTaken = this.#images.some(({ spec: { to } }) => to?.name === tag);
    return this.#ask(spec, records && !isTaken, true);
  }

  #find(repository: RepositoryImportSpec, tag: string): AskedImage | undefined {
    const read = readImportSource(repository.from.name);
    if (!read.ok) return undefined;
    return this.#images.find(({ spec, source }) => {
      const isThere = source?.repository === read.source.repository && source.tag === tag;
      const isAlike = spec.importPolicy.importMode === repository.importPolicy.importMode;
      return isThere && isAlike && source.digest === undefined;
    });
  }

  #ask(spec: ImageImportSpec, records: boolean, listed = false): AskedImage {
    const { admission, slots, now } = this.#parts;
    const { from, to, importPolicy, referencePolicy } = spec;
    const read = readImportSource(from.name);
    if (!read.ok) {
      const answer = { kind: 'refused', status: unreadableStatus(read.cause) } as const;
      return { spec, tag: to?.name ?? '', answer };
    }
    const { source } = read;
    const tag = to?.name ?? (source.digest === undefined ? (source.tag ?? '') : '');
    const { slot, answer } = slots.take(tag === '' ? from.name : tag);
    const target = to === undefined ? {} : { to: to.name };
    const { key, stream, checks } = admission;
    this.#jobs.push(
      createRequestedJob({
        key,
        stream,
        state: to && checks.get(to.name),
        wish: { from: from.name, ...target, importPolicy, referencePolicy, listed },
        request: slot,
        records: records && to !== undefined,
        now: now(),
      }),
    );
    return { spec, tag, source, answer };
  }

  #askTags({ from, importPolicy }: RepositoryImportSpec): AskedImage['answer'] {
    const { admission, slots, now } = this.#parts;
    const read = readImportSource(from.name);
    if (!read.ok) return { kind: 'refused', status: unreadableStatus(read.cause) };
    const { slot, answer } = slots.take(`the list of the tags of ${from.name}`);
    const { key, stream } = admission;
    const wish = { key, stream, from: from.name, importPolicy };
    this.#jobs.push(createRequestedListing({ ...wish, request: slot, now: now() }));
    return answer;
  }

  async #enqueue(): Promise<void> {
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0) return;
    this.#enqueued.push(...jobs);
    await this.#parts.queue.enqueue(jobs.map((job) => ({ job, leaseExpired: false })));
  }
}

async function heard({ spec, tag, answer: expected }: AskedImage): Promise<LookedImage> {
  const answer = await expected;
  if (answer.kind === 'refused') {
    return { spec, tag, outcome: { kind: 'failed', status: answer.status } };
  }
  if (answer.kind === 'listed') throw misplaced(answer);
  if (answer.kind === 'imported') return { spec, tag, outcome: answer };
  return { spec, tag, outcome: { kind: 'failed', status: failedStatus(answer) } };
}

function misplaced({ kind }: HeardAnswer): Error {
  return new Error(`a slot of a requested import was answered with something else: ${kind}`);
}
