import type { CommitResult } from '@tagtrail/image-stream';
import type { FoldDependencies } from './fold-dependencies.ts';
import { type PreparedCommit, prepareCommit, type StreamGroup } from './prepare-commit.ts';

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
  const lessons = new CommitLessons();
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const prepared = await prepareCommit(group, dependencies, { now, lessons });
    const { verdicts, change } = prepared;
    const answer = await dependencies.streams.commit(change);
    if (answer.kind === 'committed') {
      const { history } = change;
      return dependencies.metrics.committed({ group: group.results, verdicts, history, now });
    }
    lessons.learn(answer, prepared);
  }
  dependencies.metrics.contended();
}

/** What refused tries say about the next one. */
class CommitLessons {
  readonly missing = new Set<string>();
  readonly answered = new Set<string>();
  gone = false;

  learn(answer: CommitResult, { answering }: PreparedCommit): void {
    if (answer.kind === 'gone') this.gone = true;
    if (answer.kind === 'missing-image') {
      for (const digest of answer.digests) this.missing.add(digest);
    }
    if (answer.kind === 'answered') {
      for (const index of answer.replies) this.answered.add(answering[index] ?? '');
    }
  }
}
