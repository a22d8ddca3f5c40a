import { compareResourceVersions, gone, tooOldResourceVersion } from '@tagtrail/apimachinery';
import { type ImageStreamStore, StoreError, type StreamEvent } from '@tagtrail/image-stream';
import { createBackoff, delay } from '@tagtrail/lifecycle';
import type { Logger } from '@tagtrail/observability';
import { StatusError } from '../status-error.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { untilAborted } from '../until-aborted.ts';
import { type Change, createChange } from './change.ts';
import { RecentLog } from './recent-log.ts';

/** Changes held for watchers that resume or lag; at 100 commits a second this is 40 s. */
const HELD_CHANGES = 4096;
/** Bytes of frames held; the decoded objects beside them take about four times as much. */
const HELD_BYTES = 16 * 1024 * 1024;
/** ms between attempts to read the change log again. */
const RETRY = { first: 100, max: 5_000 };

export interface ChangeFeedLimits {
  readonly entries: number;
  readonly bytes: number;
}

export interface ChangeFeedParts {
  readonly streams: Pick<ImageStreamStore, 'list' | 'watch'>;
  readonly logger: Logger;
  readonly limits?: ChangeFeedLimits;
}

/**
 * The one reader of the change log in this process. What it read lately is held for all watchers.
 *
 *     starting ──list──▶ following ◀──────────┐
 *        ▲                  │ store fails      │ from the last version
 *        │ expired          ▼                  │
 *        └────────────── retrying ──backoff────┘
 *
 * Invariant: every change after `floor` that was read is in `log`, in order, once.
 */
export class ChangeFeed {
  readonly #streams: ChangeFeedParts['streams'];
  readonly #logger: Logger;
  readonly log: RecentLog<Change>;
  #state: 'starting' | 'following' | 'retrying' = 'starting';
  #floor: string | undefined;
  #head: string | undefined;

  constructor({ streams, logger, limits }: ChangeFeedParts) {
    this.#streams = streams;
    this.#logger = logger;
    this.log = new RecentLog<Change>({
      entries: limits?.entries ?? HELD_CHANGES,
      weight: limits?.bytes ?? HELD_BYTES,
      onEvict: (change) => {
        this.#floor = change.resourceVersion;
      },
    });
  }

  get state(): 'starting' | 'following' | 'retrying' {
    return this.#state;
  }

  /** The newest version read; undefined before the first contact with the store. */
  get head(): string | undefined {
    return this.#head;
  }

  /** Number of the first change in the log after `resourceVersion`; undefined when the log does not reach back to it. */
  positionAfter(resourceVersion: string): number | undefined {
    const floor = this.#floor;
    if (floor === undefined || compareResourceVersions(resourceVersion, floor) < 0)
      return undefined;
    return this.log.find(
      (change) => compareResourceVersions(change.resourceVersion, resourceVersion) > 0,
    );
  }

  /** The answer to whoever wants changes that are not there any more. */
  tooOld(resourceVersion: string): StatusError {
    return new StatusError(gone(tooOldResourceVersion(resourceVersion, this.#floor ?? '0')));
  }

  /** Reads the change log until `signal` aborts, whatever happens to the store meanwhile. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = createBackoff(RETRY);
    while (!signal.aborted) {
      try {
        // The store may take long to say that it is away; a stop does not wait for that.
        const from = await unlessAborted(this.#begin(), signal);
        if (from === undefined) return;
        for await (const events of untilAborted(this.#streams.watch(from, signal), signal)) {
          backoff.reset();
          this.#append(events);
        }
      } catch (error) {
        if (!signal.aborted) this.#recover(error);
      }
      await delay(backoff.next(), signal);
    }
  }

  async #begin(): Promise<string> {
    const { resourceVersion } = await this.#streams.list({ limit: 1 });
    const from = this.#head ?? resourceVersion;
    this.#floor ??= from;
    this.#head = from;
    this.#state = 'following';
    return from;
  }

  #append(events: readonly StreamEvent[]): void {
    for (const event of events) {
      this.#head = event.resourceVersion;
      const change = createChange(event);
      if (change !== undefined) this.log.append(change, change.frame.byteLength);
    }
  }

  #recover(error: unknown): void {
    this.#state = 'retrying';
    this.#logger.warn({ err: error }, 'reading the change log failed; trying again');
    if (!(error instanceof StoreError) || error.code !== 'expired') return;
    // Changes were lost between the last one read and now: nobody may go on as if there were none.
    this.#floor = undefined;
    this.#head = undefined;
    this.#state = 'starting';
    this.log.clear();
  }
}
