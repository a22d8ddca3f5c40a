import type { RegistryEvent } from '@tagtrail/registry-client';

/** Events of one dialogue; far more than the requests of an examination can cause. */
const MOST_EVENTS = 1_000;

/** Keeps what the client tells, for the step that asks for it. */
export class DialogueRecord {
  #events: RegistryEvent[] = [];

  readonly observe = (event: RegistryEvent): void => {
    if (this.#events.length < MOST_EVENTS) this.#events.push(event);
  };

  /** What happened since it was last asked. */
  take(): readonly RegistryEvent[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }
}

/** How long the last request that matches took, whatever came of it; undefined when there was none. */
export function requestTime(
  events: readonly RegistryEvent[],
  matches: (request: { readonly url: string; readonly method: string }) => boolean,
): number | undefined {
  const requests = events.filter((event) => event.kind === 'reply' || event.kind === 'no-reply');
  return requests.findLast(matches)?.took;
}

/** The events of one kind, in order. */
export function ofKind<Kind extends RegistryEvent['kind']>(
  events: readonly RegistryEvent[],
  kind: Kind,
): readonly Extract<RegistryEvent, { readonly kind: Kind }>[] {
  return events.filter(
    (event): event is Extract<RegistryEvent, { readonly kind: Kind }> => event.kind === kind,
  );
}
