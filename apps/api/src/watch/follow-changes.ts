import {
  compareResourceVersions,
  gone,
  serviceUnavailable,
  tooManyRequests,
} from '@tagtrail/apimachinery';
import { type ImageStreamStore, StoreError } from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { untilAborted } from '../until-aborted.ts';
import { type Change, createChange } from './change.ts';
import type { ChangeFeed } from './change-feed.ts';

/** Changes handed over at once; between two batches a watcher looks at its clock. */
const BATCH = 64;
/** Watchers that read the store on their own because they start further back than the feed reaches; each holds a connection. */
const MAX_CATCHING_UP = 16;
/** Seconds after which a watcher that found no place to catch up may come again. */
const CATCH_UP_RETRY_SECONDS = 2;

/** Seconds after which a watcher that came before the feed's first contact with the store may come again. */
const NOT_READ_RETRY_SECONDS = 1;

/** Changes in order; `resourceVersion` says how far this is, also when nothing is in it. */
export interface ChangeBatch {
  readonly changes: readonly Change[];
  readonly resourceVersion: string;
}

export interface FollowRequest {
  /** Everything after this version, once, in order. */
  readonly resourceVersion: string;
  /** ms of silence after which an empty batch comes. */
  readonly tick: number;
  readonly signal: AbortSignal;
}

export interface FollowerParts {
  readonly feed: ChangeFeed;
  readonly streams: Pick<ImageStreamStore, 'list' | 'watch'>;
}

/** Lets watchers follow the feed from any version that the store still knows. */
export class ChangeFollower {
  readonly #feed: ChangeFeed;
  readonly #streams: FollowerParts['streams'];
  #catchingUp = 0;

  constructor({ feed, streams }: FollowerParts) {
    this.#feed = feed;
    this.#streams = streams;
  }

  /**
   * Follows until the signal aborts. The first batch comes as soon as it is certain that nothing is missing and may be
   * empty. Throws StatusError Expired when changes were lost: at the start, or by falling behind the feed.
   */
  async *follow(request: FollowRequest): AsyncGenerator<ChangeBatch, void> {
    if (this.#feed.head === undefined) throw notReadYet();
    let reached = request.resourceVersion;
    let position = this.#feed.positionAfter(reached);
    if (isAhead(reached, this.#feed.head)) await this.#refuseFuture(reached);
    while (position === undefined && !request.signal.aborted) {
      for await (const batch of this.#catchUp(reached, request.signal)) {
        yield batch;
        reached = batch.resourceVersion;
        if (this.#feed.positionAfter(reached) !== undefined) break;
      }
      // Asked again: the feed may have moved on while the store's watch was being closed.
      position = this.#feed.positionAfter(reached);
    }
    if (position !== undefined)
      yield* this.#followFeed({ ...request, resourceVersion: reached }, position);
  }

  async *#followFeed(request: FollowRequest, start: number): AsyncGenerator<ChangeBatch, void> {
    const { tick, signal } = request;
    const { log } = this.#feed;
    let reached = request.resourceVersion;
    let position = start;
    let isIdle = true;
    while (!signal.aborted) {
      const held = log.read(position, BATCH);
      if (held === undefined) throw this.#feed.tooOld(reached);
      position += held.length;
      // A start ahead of the feed: what the feed has still to read up to there is not news.
      const changes = held.filter((change) => isAhead(change.resourceVersion, reached));
      reached = changes.at(-1)?.resourceVersion ?? reached;
      if (changes.length > 0 || isIdle) yield { changes, resourceVersion: reached };
      isIdle = held.length === 0;
      if (isIdle) await log.changed(position, tick, signal);
    }
  }

  async *#catchUp(reached: string, signal: AbortSignal): AsyncGenerator<ChangeBatch, void> {
    if (this.#catchingUp >= MAX_CATCHING_UP) throw noPlaceToCatchUp();
    this.#catchingUp += 1;
    try {
      for await (const events of untilAborted(this.#streams.watch(reached, signal), signal)) {
        const last = events.at(-1);
        if (last === undefined) continue;
        const changes = events.map(createChange).filter((change) => change !== undefined);
        yield { changes, resourceVersion: last.resourceVersion };
      }
    } catch (error) {
      if (signal.aborted) return;
      const lost = error instanceof StoreError && error.code === 'expired';
      throw lost ? this.#feed.tooOld(reached) : error;
    } finally {
      this.#catchingUp -= 1;
    }
  }

  async #refuseFuture(resourceVersion: string): Promise<void> {
    const { resourceVersion: current } = await this.#streams.list({ limit: 1 });
    if (isAhead(resourceVersion, current)) throw neverReached(resourceVersion, current);
  }
}

/** A version beyond the current one was made by a store that lost its tail since: the watcher must list again. */
export function neverReached(resourceVersion: string, current: string): StatusError {
  const message = `resource version ${resourceVersion} is newer than the current one, ${current}`;
  return new StatusError(gone(message));
}

function isAhead(a: string, b: string | undefined): boolean {
  return b === undefined || compareResourceVersions(a, b) > 0;
}

function notReadYet(): StatusError {
  const message = 'the change log is not being read yet';
  return new StatusError(serviceUnavailable(message, NOT_READ_RETRY_SECONDS));
}

function noPlaceToCatchUp(): StatusError {
  const message = `${MAX_CATCHING_UP} watches are catching up with old versions already`;
  return new StatusError(tooManyRequests(message, CATCH_UP_RETRY_SECONDS));
}
