import type { OverviewMove } from '@tagtrail/api-client';
import { describe, expect, it } from 'vitest';
import { anOverview } from '../testing/an-overview.ts';
import { NOTHING_YET, takeNews } from './overview-state.ts';
import { sampleOf } from './sample-of.ts';

const SECOND = 1_000;
const START = Date.parse('2026-01-01T10:00:00.000Z');
const overviewAt = (ms: number) => anOverview({ at: new Date(START + ms).toISOString() });
const sampleAt = (ms: number) => sampleOf(overviewAt(ms));
const move = (tag: string, second: number): OverviewMove => ({
  namespace: 'demo',
  name: 'web',
  tag,
  from: null,
  to: 'sha256:1',
  at: new Date(START + second * SECOND).toISOString(),
});

describe('takeNews', () => {
  it('adds a sample for each overview', () => {
    const one = takeNews(NOTHING_YET, { type: 'overview', overview: overviewAt(0) });
    const two = takeNews(one, { type: 'overview', overview: overviewAt(SECOND) });
    expect(two.overview?.at).toBe('2026-01-01T10:00:01.000Z');
    expect(two.samples.map(({ at }) => at)).toEqual([START, START + SECOND]);
  });

  it('takes from a history only what is later than what it has', () => {
    const held = takeNews(NOTHING_YET, { type: 'overview', overview: overviewAt(SECOND) });
    const samples = [sampleAt(0), sampleAt(SECOND), sampleAt(2 * SECOND)];
    const told = takeNews(held, { type: 'history', samples });
    expect(told.samples.map(({ at }) => at)).toEqual([START + SECOND, START + 2 * SECOND]);
  });

  it('holds five minutes', () => {
    const samples = Array.from({ length: 400 }, (_, second) => sampleAt(second * SECOND));
    const { samples: held } = takeNews(NOTHING_YET, { type: 'history', samples });
    expect([held.length, held[0]?.at]).toEqual([300, START + 100 * SECOND]);
  });

  it('holds each of the last fifty moves once, the newest first, in whatever order they come', () => {
    const moves = [3, 1, 2, 3].map((second) => move('latest', second));
    const few = moves.reduce(
      (state, one) => takeNews(state, { type: 'move', move: one }),
      NOTHING_YET,
    );
    expect(few.moves.map(({ at }) => at.slice(17, 19))).toEqual(['03', '02', '01']);
    const many = Array.from({ length: 60 }, (_, index) => move(`v${index}`, index));
    const held = many.reduce(
      (state, one) => takeNews(state, { type: 'move', move: one }),
      NOTHING_YET,
    );
    expect([held.moves.length, held.moves[0]?.tag]).toEqual([50, 'v59']);
  });
});

describe('sampleOf', () => {
  it('counts results in hand when Redis cannot say how many wait', () => {
    const results = { lag: -1, pending: 3, deadLetters: 0 };
    expect(sampleOf(anOverview({ results })).resultsBacklog).toBe(3);
  });

  it('has a detection lag only where there is one', () => {
    expect(sampleOf(anOverview({}))).not.toHaveProperty('detectionLagP50Ms');
    const detectionLag = { p50Ms: 1, p99Ms: 2, moves: 3 };
    expect(sampleOf(anOverview({ detectionLag }))).toMatchObject({ detectionLagP99Ms: 2 });
  });
});
