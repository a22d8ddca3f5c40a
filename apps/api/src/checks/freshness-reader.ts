import {
  type CheckState,
  type CheckStore,
  type Freshness,
  freshnessOf,
  type ImportSchedule,
  LISTING_TAG,
  type ScheduleSettings,
} from '@tagtrail/image-stream';

/** Streams whose check states are read at a time: a read each. */
const STREAMS_AT_A_TIME = 100;

export interface FreshnessParts {
  readonly checks: Pick<CheckStore, 'readChecks'>;
  readonly schedule: Pick<ImportSchedule, 'coolDowns'>;
  readonly settings: ScheduleSettings;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Tag → how fresh it is. What only a reference or a push gave has no check state, and is not in it. */
export type StreamFreshness = ReadonlyMap<string, Freshness>;

/** Judges a check state; `failingSince` in ms since the epoch, where it is known. */
export type FreshnessJudge = (state: CheckState, failingSince?: number) => Freshness;

/** Says how fresh tags are, from their check states and what their registries ask for. */
export class FreshnessReader {
  readonly #parts: FreshnessParts;

  constructor(parts: FreshnessParts) {
    this.#parts = parts;
  }

  /** Aligned with the uids of streams. */
  async read(uids: readonly (string | undefined)[]): Promise<readonly StreamFreshness[]> {
    if (uids.length === 0) return [];
    const judge = await this.judge();
    const all: StreamFreshness[] = [];
    for (let at = 0; at < uids.length; at += STREAMS_AT_A_TIME) {
      const part = uids.slice(at, at + STREAMS_AT_A_TIME);
      all.push(...(await Promise.all(part.map((uid = '') => this.#readStream(uid, judge)))));
    }
    return all;
  }

  /** Judges by what registries ask for now. */
  async judge(): Promise<FreshnessJudge> {
    const { schedule, settings, now: clock } = this.#parts;
    const now = clock();
    const ends = new Map((await schedule.coolDowns(now)).map(({ host, until }) => [host, until]));
    return (state, failingSince) => {
      const coolDownUntil = ends.get(state.host);
      return freshnessOf(state, { now, settings, coolDownUntil, failingSince });
    };
  }

  async #readStream(uid: string, judge: FreshnessJudge): Promise<StreamFreshness> {
    const states = await this.#parts.checks.readChecks(uid);
    const tags = [...states].filter(([tag]) => tag !== LISTING_TAG);
    return new Map(tags.map(([tag, state]) => [tag, judge(state)]));
  }
}
