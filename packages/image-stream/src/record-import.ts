import type { CheckState } from './check-state.ts';
import type { ImageStream } from './image-stream.ts';
import type { CheckChange, HistoryAppend } from './image-stream-store.ts';
import { ImportDraft } from './import-draft.ts';
import type { TagLook, TagOutcome } from './import-outcome.ts';
import { statusTag } from './importable.ts';
import type { ScheduleSettings } from './schedule-settings.ts';

/**
 * What happened to one outcome: counted, put off, edited meanwhile, older than a counted one, its tag or its document is
 * gone.
 */
export type Verdict = 'recorded' | 'postponed' | 'stale' | 'superseded' | 'gone' | 'undocumented';

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
  const draft = new ImportDraft(stream, context);
  const verdicts = new Map<TagOutcome, Verdict>();
  for (const outcome of [...outcomes].sort((a, b) => a.fence - b.fence)) {
    verdicts.set(outcome, isLook(outcome) ? draft.fold(outcome) : draft.postpone(outcome));
  }
  return draft.finish(outcomes.map((outcome) => verdicts.get(outcome) ?? 'gone'));
}

function isLook(accepted: TagOutcome): accepted is TagLook {
  return accepted.outcome.kind !== 'postponed';
}

/** The newest event of a tag, if it ever had one. */
export function latestEvent(stream: ImageStream, tag: string) {
  return statusTag(stream, tag)?.items?.[0];
}
