import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export const USAGE = `usage: pnpm chaos [--seed N] [--minutes M] [--json FILE] [-o json] [--logs FOLDER]

Starts several of every process of Tagtrail on one Redis and two registries of its own, kills and freezes them at
random, cuts wires, fills disk and memory, and compares what is left with what was pushed to the registries.

  --seed N         what happens, and when; without it, a new one
  --minutes M      how long (2); waiting until everything has come to rest and judging come on top
  --json FILE      writes the report there, too
  -o json          prints the report as JSON and nothing else
  --logs FOLDER    keeps the logs of all processes there

example: pnpm chaos --seed 7 --minutes 2

Exit code: 0 when every invariant holds, 1 when one is broken, 2 for wrong options, 130 after Ctrl-C.
`;

/** Anything longer fills the memory of the one who writes everything down. */
const MOST_MINUTES = 60;
const HIGHEST_SEED = 2 ** 31;

export interface ChaosCommand {
  readonly seed: number;
  readonly minutes: number;
  readonly json: string | undefined;
  readonly asJson: boolean;
  readonly logs: string | undefined;
}

/** The command, `help`, or what is wrong with it. */
export function parseOptions(args: readonly string[]): ChaosCommand | 'help' | { wrong: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        minutes: { type: 'string' },
        json: { type: 'string' },
        output: { type: 'string', short: 'o' },
        logs: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return 'help';
    const seed = Number(values.seed ?? randomInt(1, HIGHEST_SEED));
    const minutes = Number(values.minutes ?? 2);
    const { output = 'text', json, logs } = values;
    if (!Number.isInteger(seed) || seed < 0 || seed >= HIGHEST_SEED) {
      return { wrong: `--seed takes a whole number from 0 to ${HIGHEST_SEED - 1}` };
    }
    if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
      return { wrong: `--minutes takes a number above 0, at most ${MOST_MINUTES}` };
    }
    if (output !== 'text' && output !== 'json') return { wrong: '-o takes text or json' };
    return { seed, minutes, json, asJson: output === 'json', logs };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}
