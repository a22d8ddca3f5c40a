import type { Span } from './calm.ts';
import type { Fault, LedgerLine, LogEntry } from './facts.ts';
import type { TagLife } from './tag-life.ts';

/** Lines of a trace that a person reads; the newest count most. */
const LONGEST_TRACE = 60;
/** Characters that tell digests apart. */
const SHOWN_DIGEST = 17;

interface Line {
  readonly at: number;
  readonly words: string;
}

/** What the ledger, the change log and the conductor know of one tag in a span, and nothing else, in order of time. */
export function traceOf(
  life: TagLife,
  known: {
    readonly ledger: readonly LedgerLine[];
    readonly log: readonly LogEntry[];
    readonly faults: readonly Fault[];
  },
  span: Span,
): readonly string[] {
  const sources = new Set(
    life.chapters
      .filter(
        ({ from, until }) =>
          from.at.earliest <= span.to && (until?.at.latest ?? span.to) >= span.from,
      )
      .map(({ source }) => source),
  );
  const faults = known.faults.filter(({ words }) =>
    mayMatter(words, { member: life.member, sources }),
  );
  const lines: readonly Line[] = [
    ...lastBefore(
      known.ledger.filter(({ source }) => sources.has(source)),
      span,
    ).map(pushLine),
    ...chapterLines(life).filter(within(span)),
    ...life.recorded
      .map(({ at, digest, version }) => ({
        at: at.latest,
        words: `record  ${digest.slice(0, SHOWN_DIGEST)} at version ${version}`,
      }))
      .filter(within(span)),
    ...faults.map(({ at, words }) => ({ at, words: `fault   ${words}` })).filter(within(span)),
  ];
  return lines
    .toSorted((a, b) => a.at - b.at)
    .slice(-LONGEST_TRACE)
    .map(({ at, words }) => `${formatOffset(at - span.from)}  ${words}`);
}

function within({ from, to }: Span): (line: Line) => boolean {
  return ({ at }) => at >= from && at <= to;
}

/** Faults of processes and Redis concern every tag; those of a registry and edits only who has to do with them. */
function mayMatter(
  words: string,
  { member, sources }: { readonly member: string; readonly sources: ReadonlySet<string> },
): boolean {
  const stream = member.slice(0, member.lastIndexOf(':'));
  if (words.includes('demo/')) return words.endsWith(` ${stream}`);
  const host = /^registry (\S+):\s/.exec(words)?.[1];
  return host === undefined || [...sources].some((source) => source.startsWith(`${host}/`));
}

/** The lines within the span, and of each source the one before it, which says where it stood. */
function lastBefore(lines: readonly LedgerLine[], { from, to }: Span): readonly LedgerLine[] {
  const before = new Map(lines.filter(({ at }) => at < from).map((line) => [line.source, line]));
  return [...before.values(), ...lines.filter(({ at }) => at >= from && at <= to)];
}

function pushLine({ at, source, digest }: LedgerLine): Line {
  const what = digest === undefined ? 'is deleted' : `is ${digest.slice(0, SHOWN_DIGEST)}`;
  return { at, words: `push    ${source} ${what}` };
}

function chapterLines(life: TagLife): readonly Line[] {
  return life.chapters.flatMap(({ source, from, suspensions }) => [
    { at: from.at.latest, words: `follow  ${source} since version ${from.version}` },
    ...suspensions.map((one) => ({
      at: one.from,
      words: `suspend until ${formatOffset(one.to - one.from)}`,
    })),
  ]);
}

function formatOffset(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(3)} s`.padStart(12);
}
