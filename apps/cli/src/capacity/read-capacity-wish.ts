import { parseDuration } from '@tagtrail/config';
import { CliError } from '../cli-error.ts';
import type { CapacityWish } from './plan-capacity.ts';

/** Characters shown of an answer that makes no sense. */
const SHOWN_LENGTH = 40;

/** The options of the command as they were typed. */
export interface CapacityFlags {
  readonly tags: number;
  readonly interval: string;
  readonly hosts: number;
  readonly movesPerDay: string;
  readonly latency: string;
  readonly imageBytes?: number;
}

const SECOND = 1_000;
const DAY = 86_400_000;
/** Moves of a tag in a day; one every 86 s is more than any team pushes. */
const MOST_MOVES = 1_000;

/** @throws CliError `usage` naming the option, what it was given and what it takes */
export function readCapacityWish(flags: CapacityFlags): CapacityWish {
  const { tags, hosts, imageBytes } = flags;
  return {
    tags,
    hosts,
    interval: duration('--interval', flags.interval, { least: SECOND, most: 365 * DAY }),
    latency: duration('--latency', flags.latency, { least: 1, most: 60 * SECOND }),
    movesPerDay: share(flags.movesPerDay),
    ...(imageBytes === undefined ? {} : { imageBytes }),
  };
}

function duration(
  option: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const parsed = parseDuration(text);
  if (parsed.ok && parsed.ms >= least && parsed.ms <= most) return parsed.ms;
  const range = option === '--interval' ? 'from 1s to 365d' : 'from 1ms to 60s';
  throw new CliError('usage', `${option} "${text}" is not a duration ${range}`, {
    hint: option === '--interval' ? 'write it like 90s, 15m or 6h' : 'write it like 200ms or 2s',
  });
}

/** `2%`, or `0.02`; more than 100 % when tags move several times a day. */
function share(text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/u.exec(text) ?? [];
  const moves = Number(number) / (percent === '%' ? 100 : 1);
  if (moves <= MOST_MOVES) return moves;
  const shown = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
  throw new CliError(
    'usage',
    `--moves-per-day "${shown}" is not a share of the tags up to 100000%`,
    {
      hint: 'write it like 2% or 0.02',
    },
  );
}
