/** Counts by name, for the table at the end. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, this.of(name) + count);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  sum(prefix: string): number {
    return this.entries(prefix).reduce((sum, [, count]) => sum + count, 0);
  }

  entries(prefix = ''): readonly (readonly [string, number])[] {
    return [...this.#counts].filter(([name]) => name.startsWith(prefix)).sort();
  }
}
