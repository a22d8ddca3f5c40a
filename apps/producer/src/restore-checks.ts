import { type ImageStream, type ImageStreamStore, restoredCheck } from '@tagtrail/image-stream';
import type { ResultLog } from '@tagtrail/import-contract';
import type { Logger } from '@tagtrail/observability';

export interface RestoreDependencies {
  readonly streams: Pick<ImageStreamStore, 'commit'>;
  readonly results: Pick<ResultLog, 'startRun'>;
  readonly logger: Logger;
}

/**
 * Makes the lost check states of one stream anew: due now, nothing known, and every look under way outdated. Whoever
 * restores or edits them at the same time wins; then a claim's end brings the tags back once more.
 */
export async function restoreChecks(
  stream: ImageStream,
  lost: readonly string[],
  { streams, results, logger }: RestoreDependencies,
  now: number,
): Promise<void> {
  const fence = await results.startRun();
  const checks = lost.flatMap((tag) => {
    const state = restoredCheck(stream, tag, { now, fence });
    return state === undefined ? [] : [{ tag, state }];
  });
  const { namespace = '', name } = stream.metadata;
  const tags = checks.map(({ tag }) => tag);
  const answer = await streams.commit({
    key: { namespace, name },
    before: stream,
    after: stream,
    recordUnchanged: true,
    checks,
    expectedChecks: new Map(tags.map((tag) => [tag, undefined])),
    history: [],
    receipts: [],
  });
  if (answer.kind !== 'committed') return;
  const what = 'check states were lost or unreadable; their tags are looked at from scratch';
  logger.warn({ stream: `${namespace}/${name}`, tags }, what);
}
