import { EVERYTHING, type Outage } from './facts.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The outages that concern one tag: its registry's, its own, and those of everything. */
export function concerning(
  outages: readonly Outage[],
  { member, source }: { readonly member: string; readonly source: string },
): readonly Span[] {
  const host = source.slice(0, source.indexOf('/'));
  return outages.filter(({ scope }) => [EVERYTHING, host, member].includes(scope));
}

/** ms of the longest part of the span that none of the disturbances touches. */
export function longestCalm(span: Span, disturbances: readonly Span[]): number {
  let longest = 0;
  let since = span.from;
  for (const { from, to } of disturbances.toSorted((a, b) => a.from - b.from)) {
    longest = Math.max(longest, Math.min(from, span.to) - since);
    since = Math.max(since, to);
  }
  return Math.max(longest, span.to - since, 0);
}
