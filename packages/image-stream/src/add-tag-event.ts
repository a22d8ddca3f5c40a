import type { NamedTagEventList, TagEvent } from './image-stream.ts';
import type { HistoryAppend } from './image-stream-store.ts';

export interface AddedTagEvent {
  readonly items: readonly TagEvent[];
  /** `none` changed nothing, `amend` rewrote the newest event, `append` added one. */
  readonly change: 'none' | 'amend' | 'append';
}

/**
 * Adds an event to a tag, compared with the newest one only: A → B → A gives three events.
 * A new stay begins when both reference and image differ; otherwise the newest event is amended and keeps `created`.
 * Source: OpenShift `AddTagEventToImageStream`.
 */
export function addTagEvent(list: NamedTagEventList | undefined, event: TagEvent): AddedTagEvent {
  const items = list?.items ?? [];
  const head = items[0];
  if (head === undefined) return { items: [event], change: 'append' };
  const sameReference = head.dockerImageReference === event.dockerImageReference;
  const sameImage = head.image === event.image;
  if (!sameReference && !sameImage) return { items: [event, ...items], change: 'append' };
  if (sameReference && sameImage && head.generation === event.generation) {
    return { items, change: 'none' };
  }
  return { items: [{ ...event, created: head.created }, ...items.slice(1)], change: 'amend' };
}

/**
 * What an added event means for the tag's whole history. That one never forgets an image: where the object's newest
 * event gets another image in place, the history keeps the old event and gets a new one.
 */
export function historyOf(
  list: NamedTagEventList | undefined,
  tag: string,
  { items, change }: AddedTagEvent,
): readonly HistoryAppend[] {
  const event = items[0];
  if (change === 'none' || event === undefined) return [];
  const replaced = list?.items?.[0]?.image !== event.image;
  return [{ tag, kind: replaced ? 'append' : change, event }];
}
