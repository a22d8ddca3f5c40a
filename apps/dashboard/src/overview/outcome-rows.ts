/** Whether an outcome is as it should be. */
export type OutcomeKind = 'good' | 'open' | 'failed';

export interface OutcomeRow {
  readonly outcome: string;
  readonly kind: OutcomeKind;
  readonly label: string;
  readonly count: number;
  /** Of all tags, from 0 to 1. */
  readonly share: number;
}

/** Outcomes that are no failures; every other one is the reason of one. */
const KNOWN: Readonly<Record<string, { readonly kind: OutcomeKind; readonly label: string }>> = {
  unchanged: { kind: 'good', label: 'Unchanged' },
  imported: { kind: 'good', label: 'Moved, and recorded' },
  never: { kind: 'open', label: 'Not looked at yet' },
};

/** Tags by the outcome of their last look: failures first, the most frequent of each kind first. */
export function outcomeRows(outcomes: Readonly<Record<string, number>>): readonly OutcomeRow[] {
  const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const rows = Object.entries(outcomes).map(([outcome, count]) => {
    const { kind, label } = KNOWN[outcome] ?? { kind: 'failed' as const, label: outcome };
    return { outcome, kind, label, count, share: total === 0 ? 0 : count / total };
  });
  const order: readonly OutcomeKind[] = ['failed', 'open', 'good'];
  return rows.sort(
    (one, other) =>
      order.indexOf(one.kind) - order.indexOf(other.kind) ||
      other.count - one.count ||
      one.outcome.localeCompare(other.outcome),
  );
}
