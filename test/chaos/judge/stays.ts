import { concerning, longestCalm } from './calm.ts';
import type { LedgerLine, Outage } from './facts.ts';
import type { Chapter, TagLife } from './tag-life.ts';

/** A time in which a tag's source stood at one digest while the tag followed it. */
export interface Stay {
  readonly source: string;
  readonly digest: string;
  /** Index of its chapter in the tag's life. */
  readonly chapter: number;
  readonly from: number;
  readonly to: number;
  /** It stood for longer than a look can take to come: it must be in the history. */
  readonly mustBeSeen: boolean;
}

export interface StayContext {
  readonly ledger: readonly LedgerLine[];
  readonly outages: readonly Outage[];
  /** ms within which, without an outage, every tag of this interval is looked at and recorded. */
  readonly bound: number;
  /** When the registry's last state was compared: open stays end here. */
  readonly end: number;
}

/** What the registry's ledger says that a tag's history may hold, in order. */
export function staysOf(life: TagLife, context: StayContext): readonly Stay[] {
  return life.chapters.flatMap((chapter, index) =>
    chapterStays(chapter, { ...context, member: life.member, index }),
  );
}

function chapterStays(
  chapter: Chapter,
  context: StayContext & { readonly member: string; readonly index: number },
): readonly Stay[] {
  const { ledger, outages, bound, end, member, index } = context;
  const disturbances = [
    ...concerning(outages, { member, source: chapter.source }),
    ...chapter.suspensions,
  ];
  const lines = ledger.filter(({ source }) => source === chapter.source);
  return lines.flatMap((line, at) => {
    const next = lines[at + 1]?.at ?? end;
    const { digest } = line;
    // Whether it overlaps is decided generously, how long it surely stood strictly.
    const mayBeSeen =
      next >= chapter.from.at.earliest && line.at <= (chapter.until?.at.latest ?? end);
    if (digest === undefined || !mayBeSeen) return [];
    const from = Math.max(line.at, chapter.from.at.latest);
    const to = Math.min(next, chapter.until?.at.earliest ?? end);
    const mustBeSeen = longestCalm({ from, to }, disturbances) > bound;
    return [
      { source: chapter.source, digest, chapter: index, from: line.at, to: next, mustBeSeen },
    ];
  });
}
