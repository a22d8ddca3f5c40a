import { formatTimestamp } from '@tagtrail/apimachinery';
import {
  formatImageReference,
  isDigest,
  parseImageReference,
  pinReference,
} from '@tagtrail/image-reference';
import { addTagEvent, historyOf } from './add-tag-event.ts';
import { failureCondition } from './failure-condition.ts';
import {
  type ImageStream,
  type NamedTagEventList,
  REPOSITORY_CHECK_ANNOTATION,
  type TagReference,
} from './image-stream.ts';
import type { HistoryAppend } from './image-stream-store.ts';
import type { LookOutcome, TagOutcome } from './import-outcome.ts';

export type Failure = LookOutcome & { readonly kind: 'failed' };
export type Success = Exclude<LookOutcome, Failure>;

/** Spec and status of a stream while a commit is put together: one time and one generation for all its tags. */
export class TagDraft {
  /** Given to every tag that this commit touches. */
  readonly generation: number;
  readonly history: HistoryAppend[] = [];
  readonly #stream: ImageStream;
  readonly #timestamp: string;
  readonly #historyLimit: number;
  readonly #specTags: Map<string, TagReference>;
  readonly #statusTags: Map<string, NamedTagEventList>;
  #specChanged = false;
  #statusChanged = false;

  constructor(
    stream: ImageStream,
    context: { readonly now: number; readonly historyLimit: number },
  ) {
    this.#stream = stream;
    this.generation = (stream.metadata.generation ?? 0) + 1;
    this.#timestamp = formatTimestamp(context.now);
    this.#historyLimit = context.historyLimit;
    this.#specTags = new Map((stream.spec.tags ?? []).map((tag) => [tag.name, tag]));
    this.#statusTags = new Map((stream.status.tags ?? []).map((list) => [list.tag, list]));
  }

  get changed(): boolean {
    return this.#specChanged || this.#statusChanged;
  }

  defined(tag: string): TagReference | undefined {
    return this.#specTags.get(tag);
  }

  seen(tag: string): NamedTagEventList | undefined {
    return this.#statusTags.get(tag);
  }

  /** Puts a definition in the place of the tag's, keeping its generation. */
  define(tag: TagReference): void {
    const known = this.#specTags.get(tag.name);
    if (known !== undefined && isSameDefinition(known, tag)) return;
    this.#specTags.set(tag.name, tag);
    this.#specChanged = true;
  }

  isSettled(tag: TagReference, accepted: TagOutcome, outcome: Success): boolean {
    const head = this.#statusTags.get(tag.name)?.items?.[0];
    return (
      head?.dockerImageReference === pinnedReference(accepted, outcome) &&
      head.image === outcome.image &&
      typeof tag.generation === 'number' &&
      tag.generation <= head.generation
    );
  }

  succeed(tag: TagReference, accepted: TagOutcome, outcome: Success): void {
    const list = this.#statusTags.get(tag.name);
    if (this.isSettled(tag, accepted, outcome)) {
      this.#clearConditions(list);
      return;
    }
    const added = addTagEvent(list, {
      created: this.#timestamp,
      dockerImageReference: pinnedReference(accepted, outcome),
      image: outcome.image,
      generation: this.generation,
    });
    const items = added.items.slice(0, this.#historyLimit);
    this.#statusTags.set(tag.name, { tag: tag.name, items });
    this.#statusChanged = true;
    this.history.push(...historyOf(list, tag.name, added));
    this.setGeneration(tag);
  }

  #clearConditions(list: NamedTagEventList | undefined): void {
    if (list?.conditions === undefined || list.conditions.length === 0) return;
    this.#statusTags.set(list.tag, { tag: list.tag, items: list.items });
    this.#statusChanged = true;
  }

  fail(tag: TagReference, outcome: Failure): void {
    const list = this.#statusTags.get(tag.name);
    const written = { generation: this.generation, timestamp: this.#timestamp };
    const condition = failureCondition(list, { tag, outcome }, written);
    if (condition === undefined) return;
    const items = list?.items ?? null;
    this.#statusTags.set(tag.name, { tag: tag.name, items, conditions: [condition] });
    this.#statusChanged = true;
    if (this.#specTags.has(tag.name)) this.setGeneration(tag);
  }

  setGeneration(tag: TagReference): void {
    if (tag.generation === this.generation) return;
    this.#specTags.set(tag.name, { ...tag, generation: this.generation });
    this.#specChanged = true;
  }

  written(): ImageStream {
    const { metadata, spec, status } = this.#stream;
    const annotations = { ...metadata.annotations, [REPOSITORY_CHECK_ANNOTATION]: this.#timestamp };
    // A stream that an import makes starts at 1, whatever comes of it.
    const kept = Math.max(metadata.generation ?? 0, 1);
    const generation = this.#specChanged ? this.generation : kept;
    return {
      ...this.#stream,
      metadata: { ...metadata, annotations, generation },
      spec: { ...spec, ...sortedTags(this.#specTags.values(), (tag) => tag.name) },
      status: { ...status, ...sortedTags(this.#statusTags.values(), (list) => list.tag) },
    };
  }
}

/** What a commit of an import may change of a definition; flags that are off may be written or left out. */
export function isSameDefinition(a: TagReference, b: TagReference): boolean {
  const fields = ({ from, importPolicy, referencePolicy }: TagReference) => [
    from?.kind,
    from?.namespace ?? '',
    from?.name,
    importPolicy.insecure ?? false,
    importPolicy.scheduled ?? false,
    importPolicy.importMode ?? 'Legacy',
    referencePolicy.type,
  ];
  const others = fields(b);
  return fields(a).every((field, index) => field === others[index]);
}

/** `unchanged` carries no reference: it is the source as spelled, pinned to the image. */
function pinnedReference({ from }: TagOutcome, outcome: Success): string {
  if (outcome.kind === 'imported') return outcome.dockerImageReference;
  const parsed = parseImageReference(from);
  if (!parsed.ok || !isDigest(outcome.image)) return from;
  return formatImageReference(pinReference(parsed.reference, outcome.image));
}

/** `tags` in the order of their names; absent when there are none. */
function sortedTags<T>(values: Iterable<T>, key: (value: T) => string): { tags?: readonly T[] } {
  const tags = [...values].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return tags.length > 0 ? { tags } : {};
}
