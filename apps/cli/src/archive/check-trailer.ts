import { createHash } from 'node:crypto';
import { ARCHIVE_BOUNDS } from '@tagtrail/image-stream';
import type { JsonObject } from '../json-object.ts';
import { isCount, type Tally } from './entry-tally.ts';

/** The hash that a last line has of itself without it; exports of before do not have it. */
const OWN_HASH = 'trailerSha256';
const OWN_HASH_END = /,"trailerSha256":"([0-9a-f]{64})"\}$/;
/** Characters of a wrong value in a message. */
const SHOWN_LENGTH = 40;

const COUNTS = ['streams', 'events', 'images', 'unreadable'] as const;
const MARKS = ['resourceVersion', 'fence'] as const;

export interface TrailerLine {
  readonly bytes: Buffer;
  readonly members: JsonObject;
}

/**
 * What is wrong with what the last line says, given what was counted before it; undefined when nothing is. The checksum
 * in it covers only the lines before, and its numbers move counters of the server that cannot be moved back.
 */
export function trailerProblem(trailer: TrailerLine, counted: Tally): string | undefined {
  const { bytes, members } = trailer;
  if (members[OWN_HASH] !== undefined && !hasOwnHash(bytes)) {
    return 'it is damaged: its checksum is not that of its content';
  }
  const wrong = COUNTS.find((name) => members[name] !== counted[name]);
  if (wrong !== undefined) {
    return `${wrong} is ${shown(members[wrong])}, and the lines before hold ${counted[wrong]}`;
  }
  return MARKS.map((name) => markProblem(name, members[name], counted[name])).find(Boolean);
}

function markProblem(
  name: (typeof MARKS)[number],
  value: unknown,
  highest: number,
): string | undefined {
  if (!isCount(value) || value >= ARCHIVE_BOUNDS[name]) {
    return `${name} is ${shown(value)}, and must be a whole number below ${ARCHIVE_BOUNDS[name]}`;
  }
  if (value >= highest) return undefined;
  return `${name} is ${value}, and a line before has ${highest}`;
}

function hasOwnHash(bytes: Buffer): boolean {
  const text = bytes.toString();
  const found = OWN_HASH_END.exec(text);
  if (found === null) return false;
  const rest = `${text.slice(0, found.index)}}`;
  return createHash('sha256').update(rest).digest('hex') === found[1];
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, SHOWN_LENGTH);
}
