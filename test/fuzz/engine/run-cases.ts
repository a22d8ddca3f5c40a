import { keepFound, readCorpus } from './corpus.ts';
import { cpuTime } from './cpu-time.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { makeInput } from './make-input.ts';
import type { Surroundings } from './mutator.ts';
import { Random } from './random.ts';
import { shrink } from './shrink.ts';

/** ms of processor time for one text of at most 4 KiB; the slowest of these parsers needs a tenth for an ordinary one. */
const SLOW_MS = 50;
/** A text is slow when it is so every time: the first time may hold a compilation or a collection of garbage. */
const MEASUREMENTS = 3;
/** Findings of one target after which it is left alone: most are one defect. */
const FINDINGS = 5;
/** Runs between two looks at the clock and at the caller's wish to stop. */
const BLOCK = 250;

export interface Finding {
  readonly kind: 'failure' | 'slow';
  readonly message: string;
  /** As small as it could be made. */
  readonly input: string;
  /** Where it is kept. */
  readonly file: string;
}

export interface CasesResult {
  /** Changed texts; those of the corpus come on top. */
  readonly runs: number;
  /** Changed texts that the parser took. */
  readonly accepted: number;
  readonly seconds: number;
  /** ms of processor time, of the slowest text. */
  readonly slowest: number;
  readonly findings: readonly Finding[];
}

export interface CasesOptions {
  readonly runs: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Puts a failing text somewhere and answers where. */
  readonly keep?: (target: string, text: string) => string;
  /** Called every now and then with the runs so far; awaited, so that signals get their turn. */
  readonly progress?: (runs: number) => void | Promise<void>;
}

/** Gives a target every text of its corpus, and then `runs` changed ones. */
export async function runCases(target: FuzzTarget, options: CasesOptions): Promise<CasesResult> {
  const cases = new Cases(target, options.keep ?? keepFound);
  const { surroundings, samples } = surroundingsOf(target, options.seed);
  const started = performance.now();
  for (const sample of samples) cases.take(sample);
  cases.beginCounting();
  const { signal, progress } = options;
  for (let run = 0; run < options.runs && cases.goOn; run += 1) {
    cases.take(makeInput(target.mutators, surroundings));
    if (run % BLOCK === 0) await progress?.(run);
    if (signal?.aborted) break;
  }
  return cases.result((performance.now() - started) / 1_000);
}

function surroundingsOf(target: FuzzTarget, seed: number) {
  const [first, ...rest] = readCorpus(target.name).map(({ text }) => text);
  const [token = '', ...tokens] = target.dictionary;
  const surroundings: Surroundings = {
    random: new Random(seed),
    dictionary: [token, ...tokens],
    corpus: [first ?? '', ...rest],
  };
  return { surroundings, samples: surroundings.corpus };
}

class Cases {
  readonly #target: FuzzTarget;
  readonly #keepText: typeof keepFound;
  readonly #findings: Finding[] = [];
  #taken = 0;
  #accepted = 0;
  #slowest = 0;

  constructor(target: FuzzTarget, keep: typeof keepFound) {
    this.#target = target;
    this.#keepText = keep;
  }

  get goOn(): boolean {
    return this.#findings.length < FINDINGS;
  }

  take(input: string): void {
    this.#taken += 1;
    const started = performance.now();
    const outcome = tried(this.#target, input);
    const elapsed = performance.now() - started;
    if (outcome.failed) {
      const fails = (text: string) => tried(this.#target, text).message === outcome.message;
      this.#keep('failure', outcome.message, shrink(input, fails));
      return;
    }
    if (outcome.accepted) this.#accepted += 1;
    if (elapsed <= this.#slowest) return;
    // The clock also counts what other programs do meanwhile; whether it was the text is measured again.
    this.#slowest = Math.max(this.#slowest, Math.min(elapsed, leastTime(this.#target, input)));
    if (elapsed > SLOW_MS && isSlow(this.#target, input)) {
      const message = `needs more than ${SLOW_MS} ms for ${input.length} characters`;
      this.#keep(
        'slow',
        message,
        shrink(input, (text) => isSlow(this.#target, text)),
      );
    }
  }

  /** What was taken so far does not count. */
  beginCounting(): void {
    this.#taken = 0;
    this.#accepted = 0;
  }

  result(seconds: number): CasesResult {
    return {
      runs: this.#taken,
      accepted: this.#accepted,
      seconds,
      slowest: this.#slowest,
      findings: this.#findings,
    };
  }

  #keep(kind: Finding['kind'], message: string, input: string): void {
    const file = this.#keepText(this.#target.name, input);
    this.#findings.push({ kind, message, input, file });
  }
}

function tried({ check }: FuzzTarget, input: string) {
  const prototype = prototypeNames();
  try {
    const accepted = check(input);
    if (prototypeNames() === prototype) return { failed: false, accepted, message: '' };
    return { failed: true, accepted, message: 'something was added to Object.prototype' };
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { failed: true, accepted: false, message };
  }
}

function prototypeNames(): string {
  return Object.getOwnPropertyNames(Object.prototype).join();
}

function leastTime(target: FuzzTarget, input: string): number {
  const times = Array.from({ length: MEASUREMENTS }, () => cpuTime(() => tried(target, input)));
  return Math.min(...times);
}

function isSlow(target: FuzzTarget, input: string): boolean {
  for (let left = MEASUREMENTS; left > 0; left -= 1) {
    if (cpuTime(() => tried(target, input)) <= SLOW_MS) return false;
  }
  return true;
}
