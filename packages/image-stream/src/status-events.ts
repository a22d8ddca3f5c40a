import { formatTimestamp } from '@tagtrail/apimachinery';
import { addTagEvent, historyOf } from './add-tag-event.ts';
import type { ImageStream, NamedTagEventList, TagEvent } from './image-stream.ts';
import type { HistoryAppend } from './image-stream-store.ts';

export interface EventContext {
  /** ms since the epoch; one time for the whole write. */
  readonly now: number;
  /** Events kept in the object per tag; the whole history is kept elsewhere. */
  readonly historyLimit: number;
}

/** A stream with events added, and what they mean for the whole histories of its tags. */
export interface StreamWithEvents {
  readonly stream: ImageStream;
  readonly history: readonly HistoryAppend[];
}

/** The status of a stream while events are added to it. */
export class StatusEvents {
  readonly #stream: ImageStream;
  readonly #context: EventContext;
  readonly #lists: Map<string, NamedTagEventList>;
  readonly #history: HistoryAppend[] = [];

  constructor(stream: ImageStream, context: EventContext) {
    this.#stream = stream;
    this.#context = context;
    this.#lists = new Map((stream.status.tags ?? []).map((list) => [list.tag, list]));
  }

  /** What the tag points to so far. */
  head(tag: string): TagEvent | undefined {
    return this.#lists.get(tag)?.items?.[0];
  }

  /** A new event ends what was wrong with the tag; one that is there already changes nothing. */
  add(tag: string, event: Omit<TagEvent, 'created'>): void {
    const list = this.#lists.get(tag);
    const { now, historyLimit } = this.#context;
    const { dockerImageReference, image, generation } = event;
    const created = formatTimestamp(now);
    const added = addTagEvent(list, { created, dockerImageReference, image, generation });
    if (added.change === 'none') return;
    this.#lists.set(tag, { tag, items: added.items.slice(0, historyLimit) });
    this.#history.push(...historyOf(list, tag, added));
  }

  written(): StreamWithEvents {
    if (this.#history.length === 0) return { stream: this.#stream, history: [] };
    const tags = [...this.#lists.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
    const status = { ...this.#stream.status, tags };
    return { stream: { ...this.#stream, status }, history: this.#history };
  }
}
