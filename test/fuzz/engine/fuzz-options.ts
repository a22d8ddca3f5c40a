import { parseArgs } from 'node:util';

/** Runs of each target when nobody says how many. */
const DEFAULT_RUNS = 10_000;
/** One beyond the largest seed. */
const SEEDS = 2 ** 32;

export const FUZZ_USAGE = `usage: pnpm fuzz [TARGET…] [--runs N] [--seed S] [--json FILE] [--no-growth]

Gives each parser its corpus, then N changed texts (${DEFAULT_RUNS}), and measures how the time for hostile texts grows.

  --runs N     changed texts for each target; 0: corpus and growth alone
  --seed S     makes the same texts again; without it, a random one is taken and printed
  --json FILE  also writes the figures to FILE
  --no-growth  leaves out the hostile texts
  --help       prints this

example: pnpm fuzz reference challenge --runs 1000000 --seed 7

Exit code: 0 nothing found, 1 a finding, 2 wrong usage, 130 stopped by Ctrl-C.
`;

export interface FuzzOptions {
  /** Empty for all. */
  readonly targets: readonly string[];
  readonly runs: number;
  readonly seed: number;
  readonly json: string | undefined;
  readonly growth: boolean;
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: FuzzOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };

/** Reads the command line; `known` are the names of the targets. */
export function parseFuzzOptions(args: readonly string[], known: readonly string[]): ParsedOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        runs: { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'string' },
        'no-growth': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    const stranger = positionals.find((name) => !known.includes(name));
    if (stranger !== undefined) {
      return wrong(`there is no target ${stranger}; targets: ${known.join(', ')}`);
    }
    const runs = count(values.runs) ?? DEFAULT_RUNS;
    const seed = count(values.seed) ?? Math.floor(Math.random() * SEEDS);
    if (Number.isNaN(runs)) return wrong('--runs takes a whole number');
    if (!(seed < SEEDS)) return wrong(`--seed takes a whole number below ${SEEDS}`);
    const growth = values['no-growth'] !== true;
    return {
      kind: 'run',
      options: { targets: positionals, runs, seed, json: values.json, growth },
    };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

/** Not a number for anything but a count. */
function count(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
}

function wrong(problem: string): ParsedOptions {
  return { kind: 'wrong', problem };
}
