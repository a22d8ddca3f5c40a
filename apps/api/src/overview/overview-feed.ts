import { delay } from '@tagtrail/lifecycle';
import type { MoveLog } from '../status/move-log.ts';
import type { Move } from '../status/moves-of.ts';
import { StatusError } from '../status-error.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { RecentLog } from '../watch/recent-log.ts';
import type { Overview } from './overview.ts';
import type { OverviewReader } from './overview-reader.ts';
import { type Sample, sampleOf } from './sample-of.ts';

/** Samples held: five minutes of them. */
const HELD_SAMPLES = 300;
/** Moves held, as many as the status page ever showed. */
const HELD_MOVES = 50;
/** Moves taken over between two turns of the event loop. */
const MOVE_BATCH = 64;
/** ms between readings. */
const INTERVAL = 1_000;
/** A reading is followed by a pause of so many times as long as it took: it takes at most a tenth of the time. */
const PAUSE_PER_READING = 9;
/** ms; longest pause: a page takes longer silence for a broken connection. */
const LONGEST_PAUSE = 4_000;
/** ms; nothing depends on waking in silence. */
const IDLE_WAIT = 60_000;

/** Something that happened, by its number in the order of all that happened since the process started. */
export interface Numbered<T> {
  readonly number: number;
  readonly value: T;
}

export interface FeedNews {
  readonly samples: readonly Numbered<Sample>[];
  readonly moves: readonly Numbered<Move>[];
  /** The newest one only: an older one is of no use to anybody. */
  readonly overview: Numbered<Overview> | undefined;
  /** Why there is no newer one, for people; undefined when the last reading succeeded. */
  readonly trouble: Numbered<string> | undefined;
}

export interface OverviewFeedParts {
  readonly reader: Pick<OverviewReader, 'get'>;
  readonly moves: MoveLog;
  /** Hears of every new overview. */
  readonly onOverview?: (overview: Overview) => void;
  /** ms; only tests wait less. */
  readonly interval?: number;
}

/**
 * Reads the overview once a second while the process runs, and holds what a chart of the last minutes and its listeners
 * need: numbered samples, moves, and the newest overview. A reading that fails leaves a gap.
 */
export class OverviewFeed {
  readonly #parts: OverviewFeedParts;
  /** Its entries are numbered from 0, those told from here from 1: 0 stands for having seen nothing. */
  readonly #pulse = new RecentLog<undefined>({ entries: 1, weight: Number.POSITIVE_INFINITY });
  readonly #samples: Numbered<Sample>[] = [];
  readonly #moves: Numbered<Move>[] = [];
  #overview: Numbered<Overview> | undefined;
  #trouble: Numbered<string> | undefined;

  constructor(parts: OverviewFeedParts) {
    this.#parts = parts;
  }

  /** Number of the newest thing that happened; 0 before the first. */
  get newest(): number {
    return this.#pulse.next;
  }

  /** What is held of all that happened after number `seen`. */
  after(seen: number): FeedNews {
    const isNew = ({ number }: Numbered<unknown>) => number > seen;
    const newest = <T>(one: Numbered<T> | undefined) => (one && isNew(one) ? one : undefined);
    return {
      samples: this.#samples.filter(isNew),
      moves: this.#moves.filter(isNew),
      overview: newest(this.#overview),
      trouble: newest(this.#trouble),
    };
  }

  /** Resolves when something happened after number `seen`, when `wait` ms have passed, or when the signal aborts. */
  changed(seen: number, wait: number, signal: AbortSignal): Promise<void> {
    return this.#pulse.changed(seen, wait, signal);
  }

  /** Works until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#sample(signal), this.#followMoves(signal)]);
  }

  async #sample(signal: AbortSignal): Promise<void> {
    const { reader, interval = INTERVAL } = this.#parts;
    while (!signal.aborted) {
      const started = performance.now();
      // A store that is away may take long to say so; a stop does not wait for that.
      const reading = reader.get().catch((error: unknown) => this.#fail(error));
      const overview = await unlessAborted(reading, signal);
      if (overview !== undefined) this.#note(overview);
      const took = performance.now() - started;
      // One that failed has cost nothing but its wait, and the next may tell that all is well again.
      const rest = overview === undefined ? 0 : Math.min(took * PAUSE_PER_READING, LONGEST_PAUSE);
      await delay(Math.max(interval - took, rest), signal);
    }
  }

  #fail(error: unknown): undefined {
    // Other errors' words are for the log: they may say more than everybody should know.
    const message = error instanceof StatusError ? error.message : 'the overview cannot be read';
    this.#trouble = { number: this.newest + 1, value: message };
    this.#pulse.append(undefined, 1);
  }

  #note(overview: Overview): void {
    this.#trouble = undefined;
    // Somebody else's reading of the same second is no new one.
    if (overview.at === this.#overview?.value.at) return;
    const number = this.newest + 1;
    this.#overview = { number, value: overview };
    keep(this.#samples, { number, value: sampleOf(overview) }, HELD_SAMPLES);
    this.#parts.onOverview?.(overview);
    this.#pulse.append(undefined, 1);
  }

  async #followMoves(signal: AbortSignal): Promise<void> {
    const { log } = this.#parts.moves;
    let position = log.first;
    while (!signal.aborted) {
      const moves = log.read(position, MOVE_BATCH);
      position = moves === undefined ? log.first : position + moves.length;
      for (const value of moves ?? []) {
        keep(this.#moves, { number: this.newest + 1, value }, HELD_MOVES);
        this.#pulse.append(undefined, 1);
      }
      await log.changed(position, IDLE_WAIT, signal);
    }
  }
}

function keep<T>(held: T[], entry: T, limit: number): void {
  held.push(entry);
  if (held.length > limit) held.shift();
}
