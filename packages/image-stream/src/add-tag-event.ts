import type { NamedTagEventList, TagEvent } from './image-stream.ts';

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
