import { compareResourceVersions } from '@tagtrail/apimachinery';
import type { ImageStream, ImageStreamStore, StreamKey } from '@tagtrail/image-stream';
import { type Change, type SeenChange, selectChange } from './change.ts';
import { type ChangeFollower, neverReached } from './follow-changes.ts';
import type { FrameRenderer } from './frame-renderer.ts';
import { type Selection, selects } from './selection.ts';

/** Streams listed at once for the first frames of a watch. */
const PAGE = 500;
/** How often an idle watch looks at its clock, so that a bookmark is late by a quarter at most. */
const LOOKS_PER_BOOKMARK = 4;
/** Marks the end of the first frames. Source: Kubernetes "Streaming lists". */
const INITIAL_EVENTS_END = { 'k8s.io/initial-events-end': 'true' };

export interface WatchRequest {
  readonly selection: Selection;
  /** Where to go on from, or what a replay must not be older than; undefined = the current state. */
  readonly resourceVersion: string | undefined;
  /** Current objects come first, as ADDED. */
  readonly replay: boolean;
  /** A bookmark says when the current objects are complete. */
  readonly markEndOfReplay: boolean;
  readonly bookmarks: boolean;
}

export interface WatchFrameParts {
  readonly streams: Pick<ImageStreamStore, 'list'>;
  readonly follower: ChangeFollower;
  readonly renderer: FrameRenderer;
  /** ms between bookmarks. */
  readonly bookmarkInterval: number;
  /** ms, from any start. */
  readonly clock: () => number;
}

/**
 * The frames of one watch, until the signal aborts; that is a normal end, with a last bookmark.
 * The first batch, empty or not, comes when it is certain that the watch can start. Throws StatusError.
 */
export class WatchFrames {
  readonly #parts: WatchFrameParts;
  readonly #request: WatchRequest;
  /** Streams that the replay found newer than its version: their changes up to there are no news. */
  readonly #ahead = new Map<string, string>();
  #reached = '';

  constructor(parts: WatchFrameParts, request: WatchRequest) {
    this.#parts = parts;
    this.#request = request;
  }

  async *run(signal: AbortSignal): AsyncGenerator<readonly Uint8Array[], void> {
    const { renderer } = this.#parts;
    const { replay, markEndOfReplay, bookmarks, resourceVersion } = this.#request;
    if (replay) yield* this.#replay(signal);
    else this.#reached = resourceVersion ?? (await this.#currentVersion());
    if (markEndOfReplay && !signal.aborted) {
      yield [renderer.bookmark(this.#reached, INITIAL_EVENTS_END)];
    }
    yield* this.#follow(signal);
    if (bookmarks) yield [renderer.bookmark(this.#reached)];
  }

  async *#replay(signal: AbortSignal): AsyncGenerator<readonly Uint8Array[], void> {
    const { streams, renderer } = this.#parts;
    const { selection } = this.#request;
    const { namespace } = selection;
    let next: { readonly continue?: string } | undefined = {};
    while (next !== undefined && !signal.aborted) {
      const page = await streams.list({ limit: PAGE, ...(namespace && { namespace }), ...next });
      if (this.#reached === '') this.#begin(page.resourceVersion);
      const selected = page.items.filter((stream) => selects(selection, stream));
      for (const stream of selected) this.#noteAhead(stream);
      yield selected.map((stream) => renderer.frame({ type: 'ADDED', stream }));
      next = page.continue === undefined ? undefined : { continue: page.continue };
    }
  }

  async *#follow(signal: AbortSignal): AsyncGenerator<readonly Uint8Array[], void> {
    const { follower, renderer, bookmarkInterval, clock } = this.#parts;
    let marked = clock();
    const tick = bookmarkInterval / LOOKS_PER_BOOKMARK;
    const start = { resourceVersion: this.#reached, tick, signal };
    for await (const batch of follower.follow(start)) {
      this.#reached = batch.resourceVersion;
      const frames = batch.changes.flatMap((change) => this.#frame(change));
      if (this.#request.bookmarks && clock() - marked >= bookmarkInterval) {
        frames.push(renderer.bookmark(this.#reached));
        marked = clock();
      }
      yield frames;
    }
  }

  #begin(current: string): void {
    const wanted = this.#request.resourceVersion ?? '0';
    if (compareResourceVersions(wanted, current) > 0) throw neverReached(wanted, current);
    this.#reached = current;
  }

  #frame(change: Change): readonly Uint8Array[] {
    if (this.#isKnown(change)) return [];
    const seen: SeenChange | undefined = selectChange(this.#request.selection, change);
    return seen === undefined ? [] : [this.#parts.renderer.frame(seen, change)];
  }

  #noteAhead({ metadata }: ImageStream): void {
    const { namespace = '', name, resourceVersion = '' } = metadata;
    if (compareResourceVersions(resourceVersion, this.#reached) <= 0) return;
    this.#ahead.set(pathOf({ namespace, name }), resourceVersion);
  }

  #isKnown({ key, resourceVersion }: Change): boolean {
    if (this.#ahead.size === 0) return false;
    const known = this.#ahead.get(pathOf(key));
    if (known === undefined) return false;
    if (compareResourceVersions(resourceVersion, known) <= 0) return true;
    this.#ahead.delete(pathOf(key));
    return false;
  }

  async #currentVersion(): Promise<string> {
    return (await this.#parts.streams.list({ limit: 1 })).resourceVersion;
  }
}

function pathOf({ namespace, name }: StreamKey): string {
  return `${namespace}/${name}`;
}
