/** What a bench measured: a table for people, and the numbers behind it for machines. */
export interface BenchReport {
  readonly lines: readonly string[];
  readonly figures: Readonly<Record<string, number | string>>;
}
