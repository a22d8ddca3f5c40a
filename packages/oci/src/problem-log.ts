/** Keeps the first problem found while a document is read; later ones tend to follow from it. */
export class ProblemLog {
  #first: string | undefined;

  get first(): string | undefined {
    return this.#first;
  }

  report(path: string, problem: string): void {
    this.#first ??= path === '' ? problem : `${path} ${problem}`;
  }
}
