import type {
  CheckStore,
  ImageStreamStore,
  ScheduleSettings,
  TagOutcome,
} from '@tagtrail/image-stream';
import type { DeliveredResult } from '@tagtrail/import-contract';
import type { Logger } from '@tagtrail/observability';
import type { WriterMetrics } from './writer-metrics.ts';

/** What folding a batch works with. */
export interface FoldDependencies {
  readonly streams: Pick<ImageStreamStore, 'read' | 'commit'>;
  readonly checks: CheckStore;
  readonly metrics: WriterMetrics;
  readonly logger: Logger;
  readonly settings: ScheduleSettings;
  /** Events per tag inside the object. */
  readonly historyLimit: number;
}

/** The part of a delivered result that the model folds. */
export function tagOutcome({ result, endFence }: DeliveredResult): TagOutcome {
  const { key, generation, fence, from, outcome, records } = result;
  const end = endFence === undefined ? {} : { endFence };
  const look = { tag: key.tag, generation, fence, ...end, from, outcome };
  return records === undefined ? look : { ...look, requested: records };
}
