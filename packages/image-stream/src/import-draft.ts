import type { CheckState } from './check-state.ts';
import { followTags } from './follow-tags.ts';
import {
  type ImageStream,
  REPOSITORY_CHECK_ANNOTATION,
  type TagReference,
} from './image-stream.ts';
import type { CheckChange } from './image-stream-store.ts';
import type { LookOutcome, RequestedTag, TagLook, TagOutcome } from './import-outcome.ts';
import { isImportable } from './importable.ts';
import { isOvertaken } from './is-overtaken.ts';
import { forgottenCheck, nextCheck } from './next-check.ts';
import { nextDue } from './next-due.ts';
import type { RecordContext, RecordedImport, Verdict } from './record-import.ts';
import { recordVersion } from './record-version.ts';
import { repositoryTag } from './repository-tags.ts';
import { acceptRequested, requestedDefinition } from './requested-definition.ts';
import { resolveCadence } from './resolve-cadence.ts';
import { isSameDefinition, type Success, TagDraft } from './tag-draft.ts';

/** Decides what each outcome does to its tag and its check state. Never leaves `recordImport`. */
export class ImportDraft {
  readonly #stream: ImageStream;
  readonly #context: RecordContext;
  readonly #tags: TagDraft;
  readonly #checks = new Map<string, CheckState>();

  constructor(stream: ImageStream, context: RecordContext) {
    this.#stream = stream;
    this.#context = context;
    this.#tags = new TagDraft(stream, context);
  }

  fold(accepted: TagLook): Verdict {
    const tag = this.#tags.defined(accepted.tag);
    const state = this.#stateOf(accepted.tag);
    if (accepted.requested !== undefined) {
      return this.#foldRequested(accepted, { tag, state, requested: accepted.requested });
    }
    if (state === undefined || (tag !== undefined && !isImportable(tag))) return 'gone';
    if (accepted.generation !== state.generation) return this.#foldStale(accepted, state);
    if (accepted.fence <= state.fence) return 'superseded';
    if (tag !== undefined) return this.#foldDefined(accepted, { tag, state });
    const listed = repositoryTag(this.#stream, accepted.tag);
    if (listed === undefined || listed.from?.name !== accepted.from) return 'gone';
    return this.#foldListed(accepted, { tag: listed, state });
  }

  /** Nothing was looked at: only when the next look may be made is new. A request's own answer says so; it records nothing. */
  postpone(accepted: TagOutcome): Verdict {
    if (accepted.requested !== undefined) return 'postponed';
    const state = this.#stateOf(accepted.tag);
    if (state === undefined) return 'gone';
    if (accepted.generation !== state.generation) return this.#foldStale(accepted, state);
    if (accepted.fence <= state.fence) return 'superseded';
    this.#checks.set(accepted.tag, nextCheck(state, accepted, this.#context));
    return 'postponed';
  }

  finish(verdicts: readonly Verdict[]): RecordedImport {
    const unchecked =
      this.#stream.metadata.annotations?.[REPOSITORY_CHECK_ANNOTATION] === undefined;
    const changed = this.#tags.changed || (unchecked && verdicts.includes('recorded'));
    const { now, historyLimit } = this.#context;
    const followed = changed
      ? followTags(this.#stream, this.#tags.written(), { now, historyLimit })
      : { stream: this.#stream, history: [] };
    return {
      stream: followed.stream,
      changed,
      checks: [...this.#checks].map(([tag, state]) => this.#checkChange(tag, state)),
      history: [...this.#tags.history, ...followed.history],
      verdicts,
    };
  }

  #stateOf(tag: string): CheckState | undefined {
    return this.#checks.get(tag) ?? this.#context.checks.get(tag);
  }

  #checkChange(tag: string, state: CheckState): CheckChange {
    const previousHost = this.#context.checks.get(tag)?.host;
    return previousHost === undefined || previousHost === state.host
      ? { tag, state }
      : { tag, state, previousHost };
  }

  #foldStale(accepted: TagOutcome, state: CheckState): Verdict {
    const due = state.suspended ? null : this.#context.now;
    this.#checks.set(accepted.tag, { ...state, nextDue: due });
    return 'stale';
  }

  #foldDefined(accepted: TagLook, { tag, state }: Known): Verdict {
    if (this.#isUndocumented(accepted.outcome)) {
      this.#checks.set(accepted.tag, forgottenCheck(state, accepted, this.#context));
      return 'undocumented';
    }
    if (accepted.outcome.kind === 'failed') this.#tags.fail(tag, accepted.outcome);
    else this.#tags.succeed(tag, accepted, accepted.outcome);
    this.#checks.set(accepted.tag, this.#checkAfter(accepted, state));
    return 'recorded';
  }

  /** A tag of a followed repository: its first success defines it, a failure leaves it undefined. */
  #foldListed(accepted: TagLook, { tag, state }: Known): Verdict {
    if (accepted.outcome.kind !== 'failed' && !this.#isUndocumented(accepted.outcome)) {
      this.#tags.define(tag);
    }
    return this.#foldDefined(accepted, { tag, state });
  }

  #foldRequested(
    accepted: TagLook,
    known: {
      readonly tag: TagReference | undefined;
      readonly state: CheckState | undefined;
      readonly requested: RequestedTag;
    },
  ): Verdict {
    const { tag, state, requested } = known;
    const { generation, outcome } = accepted;
    const wanted = requestedDefinition(tag, accepted, requested);
    const acceptance = acceptRequested(this.#stream, tag, {
      wanted,
      generation,
      tagGeneration: requested.tagGeneration,
      state,
    });
    if (acceptance === 'edited') return 'stale';
    if (this.#isUndocumented(outcome)) return 'undocumented';
    const previous = this.#tags.seen(accepted.tag)?.items?.[1]?.image;
    const older =
      acceptance === 'same' && state !== undefined && isOvertaken(accepted, state, previous);
    if (older && tag !== undefined && state !== undefined) {
      return this.#foldOlder({ tag, state, wanted, requested });
    }
    if (outcome.kind === 'failed') this.#failRequested(accepted, { tag, wanted, requested });
    else this.#succeedRequested({ tag, wanted }, accepted, outcome);
    this.#checkRequested(accepted, { state, acceptance });
    return 'recorded';
  }

  /** A newer look stands. What the request says of the tag counts only if nothing has touched the tag since. */
  #foldOlder({
    tag,
    state,
    wanted,
    requested,
  }: Known & { readonly wanted: TagReference; readonly requested: RequestedTag }): Verdict {
    const definition = { ...tag, importPolicy: wanted.importPolicy };
    const isTouched = tag.generation !== requested.tagGeneration;
    if (isTouched && !isSameDefinition(tag, definition)) return 'stale';
    this.#tags.define(definition);
    this.#adjustCadence(tag.name, state);
    return 'superseded';
  }

  /** A failure defines a tag that is not there yet, unless a listing found it; it never redefines one. */
  #failRequested(
    { outcome }: TagLook,
    known: {
      readonly tag: TagReference | undefined;
      readonly wanted: TagReference;
      readonly requested: RequestedTag;
    },
  ): void {
    const { tag, wanted, requested } = known;
    if (outcome.kind !== 'failed') return;
    if (tag === undefined && !requested.listed) this.#tags.define(wanted);
    this.#tags.fail(tag ?? wanted, outcome);
    if (tag === undefined && !requested.listed) this.#tags.setGeneration(wanted);
  }

  /** Source: OpenShift's commit of one image: the source counts where anything changed, the import policy always. */
  #succeedRequested(
    { tag, wanted }: { readonly tag: TagReference | undefined; readonly wanted: TagReference },
    accepted: TagLook,
    outcome: Success,
  ): void {
    const settled = tag !== undefined && this.#tags.isSettled(tag, accepted, outcome);
    const definition = settled ? { ...tag, importPolicy: wanted.importPolicy } : wanted;
    this.#tags.define(definition);
    this.#tags.succeed(definition, accepted, outcome);
  }

  #checkRequested(
    accepted: TagLook,
    known: { readonly state: CheckState | undefined; readonly acceptance: 'same' | 'new' },
  ): void {
    const { state, acceptance } = known;
    const tag = this.#tags.defined(accepted.tag);
    if (tag === undefined || !isImportable(tag)) return;
    if (tag.from?.name !== accepted.from) {
      this.#expectCommit(accepted.tag, state);
      return;
    }
    const cadence = resolveCadence(this.#stream, tag);
    if (cadence === undefined) return;
    const start =
      state !== undefined && acceptance === 'same' ? state : this.#freshState(state, cadence);
    this.#checks.set(accepted.tag, this.#checkAfter(accepted, { ...start, ...cadence }));
  }

  /** The tag has a condition now that its own looks know nothing of: the next one must not pass for unchanged. */
  #expectCommit(tag: string, state: CheckState | undefined): void {
    if (state !== undefined) this.#checks.set(tag, { ...state, outcome: 'never' });
  }

  #freshState(state: CheckState | undefined, cadence: ReturnType<typeof resolveCadence>) {
    const { generation = 0, lastChecked = null, lastChanged = null } = state ?? {};
    const version = recordVersion(this.#stream) + 1;
    return {
      host: '',
      repository: '',
      schedule: null,
      suspended: false,
      ...cadence,
      generation: Math.max(version, this.#tags.generation, generation + 1),
      fence: state?.fence ?? 0,
      lastChecked,
      lastChanged,
      nextDue: null,
      attempts: 0,
      outcome: 'never' as const,
      message: '',
      upstreamDigest: null,
      image: null,
    };
  }

  /** A look that came too late may still have changed how often the tag is looked at. */
  #adjustCadence(tag: string, state: CheckState): void {
    const definition = this.#tags.defined(tag);
    const cadence = definition && resolveCadence(this.#stream, definition);
    if (cadence === undefined || cadence.schedule === state.schedule) return;
    const next = { ...state, ...cadence };
    const { now, settings } = this.#context;
    this.#checks.set(tag, { ...next, nextDue: nextDue(next, now, settings) });
  }

  #isUndocumented(outcome: LookOutcome): boolean {
    return outcome.kind !== 'failed' && this.#context.missingImages?.has(outcome.image) === true;
  }

  #checkAfter(accepted: TagLook, state: CheckState): CheckState {
    const tag = this.#tags.defined(accepted.tag);
    const list = this.#tags.seen(accepted.tag);
    const status = { ...this.#stream.status, tags: list === undefined ? [] : [list] };
    const cadence = tag && resolveCadence({ ...this.#stream, status }, tag);
    const next = nextCheck({ ...state, ...cadence }, accepted, this.#context);
    // A redefinition may be older than the newest look at the definition before.
    return { ...next, fence: Math.max(next.fence, state.fence) };
  }
}

interface Known {
  readonly tag: TagReference;
  readonly state: CheckState;
}
