import { formatTimestamp } from '@tagtrail/apimachinery';
import {
  formatImageReference,
  isDigest,
  parseImageReference,
  pinReference,
} from '@tagtrail/image-reference';
import { addTagEvent, historyOf } from './add-tag-event.ts';
import type { CheckState } from './check-state.ts';
import { failureCondition } from './failure-condition.ts';
import {
  type ImageStream,
  type NamedTagEventList,
  REPOSITORY_CHECK_ANNOTATION,
  type TagReference,
} from './image-stream.ts';
import type { CheckChange, HistoryAppend } from './image-stream-store.ts';
import type { ImportOutcome, TagOutcome } from './import-outcome.ts';
import { isImportable, statusTag } from './importable.ts';
import { forgottenCheck, nextCheck } from './next-check.ts';
import { resolveCadence } from './resolve-cadence.ts';
import type { ScheduleSettings } from './schedule-settings.ts';

/** What happened to one outcome: counted, edited meanwhile, older than a counted one, its tag or its document is gone. */
export type Verdict = 'recorded' | 'stale' | 'superseded' | 'gone' | 'undocumented';

export interface RecordContext {
  readonly checks: ReadonlyMap<string, CheckState>;
  /** ms since the epoch; one time for the whole commit. */
  readonly now: number;
  readonly settings: ScheduleSettings;
  /** Events kept in the object per tag; the whole history is kept elsewhere. */
  readonly historyLimit: number;
  /** Images whose documents the store turned out not to have: looks that found them are not recorded. */
  readonly missingImages?: ReadonlySet<string>;
}

export interface RecordedImport {
  readonly stream: ImageStream;
  /** False: the record needs no write and its resourceVersion stays. */
  readonly changed: boolean;
  readonly checks: readonly CheckChange[];
  readonly history: readonly HistoryAppend[];
  /** Aligned with the outcomes as given. */
  readonly verdicts: readonly Verdict[];
}

/**
 * Folds outcomes into a stream. Idempotent (an outcome counted once is superseded ever after) and tolerant of
 * order (fences decide). Source: OpenShift's commit of an ImageStreamImport, one generation and one time a commit.
 */
export function recordImport(
  stream: ImageStream,
  outcomes: readonly TagOutcome[],
  context: RecordContext,
): RecordedImport {
  const draft = new Draft(stream, context);
  const verdicts = new Map<TagOutcome, Verdict>();
  for (const outcome of [...outcomes].sort((a, b) => a.fence - b.fence)) {
    verdicts.set(outcome, draft.fold(outcome));
  }
  return draft.finish(outcomes.map((outcome) => verdicts.get(outcome) ?? 'gone'));
}

/** One commit being put together; never leaves this file. */
class Draft {
  readonly #stream: ImageStream;
  readonly #context: RecordContext;
  readonly #generation: number;
  readonly #timestamp: string;
  readonly #specTags: Map<string, TagReference>;
  readonly #statusTags: Map<string, NamedTagEventList>;
  readonly #checks = new Map<string, CheckState>();
  readonly #history: HistoryAppend[] = [];
  #specChanged = false;
  #statusChanged = false;

  constructor(stream: ImageStream, context: RecordContext) {
    this.#stream = stream;
    this.#context = context;
    this.#generation = (stream.metadata.generation ?? 0) + 1;
    this.#timestamp = formatTimestamp(context.now);
    this.#specTags = new Map((stream.spec.tags ?? []).map((tag) => [tag.name, tag]));
    this.#statusTags = new Map((stream.status.tags ?? []).map((list) => [list.tag, list]));
  }

  fold(accepted: TagOutcome): Verdict {
    const tag = this.#specTags.get(accepted.tag);
    const state = this.#checks.get(accepted.tag) ?? this.#context.checks.get(accepted.tag);
    if (tag === undefined || state === undefined || !isImportable(tag)) return 'gone';
    if (accepted.generation !== state.generation) {
      const due = state.suspended ? null : this.#context.now;
      this.#checks.set(accepted.tag, { ...state, nextDue: due });
      return 'stale';
    }
    if (accepted.fence <= state.fence) return 'superseded';
    if (this.#isUndocumented(accepted.outcome)) {
      this.#checks.set(accepted.tag, forgottenCheck(state, accepted, this.#context));
      return 'undocumented';
    }
    if (accepted.outcome.kind === 'failed') this.#fail(tag, accepted.outcome);
    else this.#succeed(tag, pinnedReference(accepted), accepted.outcome.image);
    this.#checks.set(accepted.tag, this.#checkAfter(accepted, state));
    return 'recorded';
  }

  finish(verdicts: readonly Verdict[]): RecordedImport {
    const unchecked =
      this.#stream.metadata.annotations?.[REPOSITORY_CHECK_ANNOTATION] === undefined;
    const changed =
      this.#specChanged || this.#statusChanged || (unchecked && verdicts.includes('recorded'));
    return {
      stream: changed ? this.#written() : this.#stream,
      changed,
      checks: [...this.#checks].map(([tag, state]) => ({ tag, state })),
      history: this.#history,
      verdicts,
    };
  }

  #isUndocumented(outcome: ImportOutcome): boolean {
    return outcome.kind !== 'failed' && this.#context.missingImages?.has(outcome.image) === true;
  }

  #succeed(tag: TagReference, dockerImageReference: string, image: string): void {
    const list = this.#statusTags.get(tag.name);
    const head = list?.items?.[0];
    const settled =
      head?.dockerImageReference === dockerImageReference &&
      head.image === image &&
      typeof tag.generation === 'number' &&
      tag.generation <= head.generation;
    if (settled) {
      this.#clearConditions(list);
      return;
    }
    const added = addTagEvent(list, {
      created: this.#timestamp,
      dockerImageReference,
      image,
      generation: this.#generation,
    });
    const items = added.items.slice(0, this.#context.historyLimit);
    this.#statusTags.set(tag.name, { tag: tag.name, items });
    this.#statusChanged = true;
    this.#history.push(...historyOf(list, tag.name, added));
    this.#setGeneration(tag);
  }

  #clearConditions(list: NamedTagEventList | undefined): void {
    if (list?.conditions === undefined || list.conditions.length === 0) return;
    this.#statusTags.set(list.tag, { tag: list.tag, items: list.items });
    this.#statusChanged = true;
  }

  #fail(tag: TagReference, outcome: ImportOutcome & { kind: 'failed' }): void {
    const list = this.#statusTags.get(tag.name);
    const written = { generation: this.#generation, timestamp: this.#timestamp };
    const condition = failureCondition(list, { tag, outcome }, written);
    if (condition === undefined) return;
    const items = list?.items ?? null;
    this.#statusTags.set(tag.name, { tag: tag.name, items, conditions: [condition] });
    this.#statusChanged = true;
    this.#setGeneration(tag);
  }

  #setGeneration(tag: TagReference): void {
    if (tag.generation === this.#generation) return;
    this.#specTags.set(tag.name, { ...tag, generation: this.#generation });
    this.#specChanged = true;
  }

  #checkAfter(accepted: TagOutcome, state: CheckState): CheckState {
    const tag = this.#specTags.get(accepted.tag);
    const list = this.#statusTags.get(accepted.tag);
    const status = { ...this.#stream.status, tags: list === undefined ? [] : [list] };
    const cadence = tag && resolveCadence({ ...this.#stream, status }, tag);
    return nextCheck({ ...state, ...cadence }, accepted, this.#context);
  }

  #written(): ImageStream {
    const { metadata, spec, status } = this.#stream;
    const annotations = { ...metadata.annotations, [REPOSITORY_CHECK_ANNOTATION]: this.#timestamp };
    const generation = this.#specChanged ? this.#generation : (metadata.generation ?? 0);
    return {
      ...this.#stream,
      metadata: { ...metadata, annotations, generation },
      spec: { ...spec, tags: sortedBy(this.#specTags.values(), (tag) => tag.name) },
      status: { ...status, tags: sortedBy(this.#statusTags.values(), (list) => list.tag) },
    };
  }
}

/** `unchanged` carries no reference: it is the source as spelled, pinned to the image. */
function pinnedReference({ from, outcome }: TagOutcome): string {
  if (outcome.kind === 'imported') return outcome.dockerImageReference;
  const parsed = parseImageReference(from);
  if (outcome.kind === 'failed' || !parsed.ok || !isDigest(outcome.image)) return from;
  return formatImageReference(pinReference(parsed.reference, outcome.image));
}

function sortedBy<T>(values: Iterable<T>, key: (value: T) => string): readonly T[] {
  return [...values].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** The newest event of a tag, if it ever had one. */
export function latestEvent(stream: ImageStream, tag: string) {
  return statusTag(stream, tag)?.items?.[0];
}
