import type { LogEntry, Verdict } from './facts.ts';

/** A write that the API answered with success. */
export interface Acknowledged {
  readonly words: string;
  readonly version: number;
  readonly member: string;
}

/** The change log by itself: no hole, nothing after a stream's end, and every write that was answered. */
export function judgeLog(
  log: readonly LogEntry[],
  acknowledged: readonly Acknowledged[],
): readonly Verdict[] {
  const entries = new Map(log.map((entry) => [entry.version, entry]));
  const lost = acknowledged.filter(
    ({ version, member }) => entries.get(version)?.member !== member,
  );
  return [
    verdict('versions have no hole and none is given twice', log.length, holes(log)),
    verdict('nothing is written to a stream that was deleted', log.length, afterTheEnd(log)),
    verdict(
      'no write that was answered with success is lost',
      acknowledged.length,
      lost.map(
        ({ words, version }) => `${words} was answered with version ${version}, which is not its`,
      ),
    ),
  ];
}

function holes(log: readonly LogEntry[]): readonly string[] {
  return log.flatMap(({ version }, at) => {
    const before = log[at - 1]?.version;
    return before === undefined || version === before + 1 ? [] : [`${version} follows ${before}`];
  });
}

function afterTheEnd(log: readonly LogEntry[]): readonly string[] {
  const ended = new Set<string>();
  const wrong: string[] = [];
  for (const { version, member, before, after } of log) {
    const uid = (after ?? before)?.metadata.uid ?? '';
    if (ended.has(uid))
      wrong.push(`version ${version} writes ${member} (${uid}), which was deleted`);
    if (after === undefined) ended.add(uid);
  }
  return wrong;
}

/** A verdict whose violations need no trace: their words say everything. */
export function verdict(invariant: string, checked: number, wrong: readonly string[]): Verdict {
  return {
    invariant,
    checked,
    violations: wrong.map((words) => ({ invariant, words, trace: [] })),
  };
}
