import type { FoldDependencies } from './fold-dependencies.ts';
import { prepareCommit, type StreamGroup } from './prepare-commit.ts';

/** Lost races in a row before the results are left for a later delivery. */
const MAX_TRIES = 8;

/**
 * Commits the results of one stream: read, record, compare and set. Whoever wrote in between wins, and this reads
 * again. A result whose image document is gone is not recorded; its tag is looked at again from scratch.
 */
export async function commitResults(
  group: StreamGroup,
  dependencies: FoldDependencies,
  now: number,
): Promise<void> {
  const missing = new Set<string>();
  const answered = new Map<string, number>();
  const lessons = { missing, answered };
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const prepared = await prepareCommit(group, dependencies, { now, lessons });
    const { verdicts, change, answering } = prepared;
    const answer = await dependencies.streams.commit(change);
    if (answer.kind === 'committed') {
      const { history } = change;
      return dependencies.metrics.committed({ group: group.results, verdicts, history, now });
    }
    if (answer.kind === 'missing-image') for (const digest of answer.digests) missing.add(digest);
    if (answer.kind === 'answered') {
      for (const index of answer.replies) {
        const entry = answering[index] ?? '';
        answered.set(entry, (answered.get(entry) ?? 0) + 1);
      }
    }
  }
  dependencies.metrics.contended();
}
