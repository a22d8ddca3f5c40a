import type { HistoryAppend, Verdict } from '@tagtrail/image-stream';
import type { DeliveredResult } from '@tagtrail/import-contract';
import type { Metrics, ProgressWatch } from '@tagtrail/observability';
import { WriterFigures } from './writer-figures.ts';

export interface Committed {
  readonly group: readonly DeliveredResult[];
  readonly verdicts: readonly Verdict[];
  readonly history: readonly HistoryAppend[];
  /** ms since the epoch. */
  readonly now: number;
}

export interface WriterMetrics {
  touched(counts: { readonly recorded: number; readonly postponed: number }): void;
  committed(committed: Committed): void;
  contended(): void;
  buried(count: number): void;
  /** The loop came round. */
  progressed(): void;
}

/** Verdicts that leave something behind. */
const WRITTEN: ReadonlySet<Verdict> = new Set(['recorded', 'postponed']);

/** From our own few milliseconds to a backlog of minutes. */
const LAG_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300];

export function createWriterMetrics(
  metrics: Metrics,
  progress: ProgressWatch,
): WriterMetrics & { figures(): ReturnType<WriterFigures['read']> } {
  const records = metrics.counter<'kind'>({
    name: 'tagtrail_records_written_total',
    help: 'Writes, by kind: commit moved a record, touch moved a check state only',
    labelNames: ['kind'],
  });
  const verdicts = metrics.counter<'verdict'>({
    name: 'tagtrail_results_total',
    help: 'Results folded, by verdict: recorded, postponed (the registry asked to be left alone), stale (the tag was edited), superseded (a newer look counted), gone, undocumented (the image document was lost)',
    labelNames: ['verdict'],
  });
  const lag = metrics.histogram({
    name: 'tagtrail_detection_lag_seconds',
    help: 'From the due time of the look that found a new digest to its commit',
    buckets: LAG_SECONDS,
  });
  const contended = metrics.counter({
    name: 'tagtrail_commits_contended_total',
    help: 'Groups of results left for a later delivery because other writers won every try',
  });
  const buried = metrics.counter({
    name: 'tagtrail_dead_letters_total',
    help: 'Results put aside: undecodable, or not foldable in many deliveries',
  });
  const figures = new WriterFigures();
  return {
    touched({ recorded, postponed }) {
      figures.recorded(recorded + postponed);
      records.inc({ kind: 'touch' }, recorded + postponed);
      verdicts.inc({ verdict: 'recorded' }, recorded);
      if (postponed > 0) verdicts.inc({ verdict: 'postponed' }, postponed);
    },
    committed({ group, verdicts: given, history, now }) {
      records.inc({ kind: 'commit' });
      figures.recorded(given.filter((verdict) => WRITTEN.has(verdict)).length);
      for (const verdict of given) verdicts.inc({ verdict });
      const moved = new Set(history.filter(({ kind }) => kind === 'append').map(({ tag }) => tag));
      for (const { result } of group) {
        if (!moved.has(result.key.tag)) continue;
        const late = Math.max(0, now - result.dueAt);
        lag.observe(late / 1000);
        figures.moved(late);
      }
    },
    contended: () => contended.inc(),
    buried: (count) => buried.inc(count),
    progressed: () => progress.progressed(),
    figures: () => figures.read(),
  };
}
