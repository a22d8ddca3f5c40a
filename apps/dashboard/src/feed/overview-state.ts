import type { Overview, OverviewMove, OverviewSample } from '@tagtrail/api-client';
import { sampleOf } from './sample-of.ts';

/** ms of samples that are held: what the charts show. */
export const CHART_SPAN = 300_000;
/** Moves that are held. */
const HELD_MOVES = 50;

/** What the page knows, from the events so far. */
export interface OverviewState {
  readonly overview: Overview | undefined;
  /** Oldest first; seconds in which nothing came are not there. */
  readonly samples: readonly OverviewSample[];
  /** Newest first. */
  readonly moves: readonly OverviewMove[];
}

export const NOTHING_YET: OverviewState = { overview: undefined, samples: [], moves: [] };

export type OverviewNews =
  | { readonly type: 'overview'; readonly overview: Overview }
  | { readonly type: 'history'; readonly samples: readonly OverviewSample[] }
  | { readonly type: 'move'; readonly move: OverviewMove }
  | { readonly type: 'trouble'; readonly message: string };

/** The state after one more event. */
export function takeNews(state: OverviewState, news: OverviewNews): OverviewState {
  switch (news.type) {
    case 'overview': {
      const samples = addSamples(state.samples, [sampleOf(news.overview)]);
      return { ...state, overview: news.overview, samples };
    }
    case 'history':
      return { ...state, samples: addSamples(state.samples, news.samples) };
    case 'move':
      return { ...state, moves: addMove(state.moves, news.move) };
    case 'trouble':
      return state;
  }
}

/** Only later ones are added: another API process may tell seconds again that are known. */
function addSamples(
  held: readonly OverviewSample[],
  told: readonly OverviewSample[],
): readonly OverviewSample[] {
  const last = held.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  const all = [...held, ...told.filter(({ at }) => at > last)];
  const newest = all.at(-1)?.at ?? 0;
  return all.filter(({ at }) => at > newest - CHART_SPAN);
}

/** Each move once: after a restart, the API tells those that it still knows again. */
function addMove(held: readonly OverviewMove[], move: OverviewMove): readonly OverviewMove[] {
  if (held.some((one) => moveKey(one) === moveKey(move))) return held;
  return [move, ...held].sort(byTime).slice(0, HELD_MOVES);
}

function byTime(one: OverviewMove, other: OverviewMove): number {
  return Date.parse(other.at) - Date.parse(one.at);
}

/** Tells one move from all others. */
export function moveKey({ namespace, name, tag, from, to, at }: OverviewMove): string {
  return [namespace, name, tag, from, to, at].join(' ');
}
