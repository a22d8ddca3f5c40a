import { describe, expect, it } from 'vitest';
import { aBeat, OVERVIEW_TIME as NOW } from '../testing/an-overview.ts';
import { observeServices } from './observe-services.ts';

function observed(...beats: Parameters<typeof aBeat>[0][]) {
  return observeServices(beats.map(aBeat), NOW).map(({ id, missing }) =>
    missing ? `${id} missing` : id,
  );
}

describe('observeServices', () => {
  it('sorts by service, machine and start', () => {
    const ids = observed(
      { id: 's', service: 'status-writer' },
      { id: 'w3', host: 'node-2' },
      { id: 'w2', startedAt: NOW - 1_000 },
      { id: 'w1', startedAt: NOW - 2_000 },
      { id: 'a', service: 'api' },
      { id: 'p', service: 'producer' },
    );
    expect(ids).toEqual(['a', 'p', 'w1', 'w2', 'w3', 's']);
  });

  it('tells the age of the last beat, and after three seconds that the process is missing', () => {
    const services = observeServices(
      [aBeat({ id: 'a', sentAt: NOW - 2_999 }), aBeat({ id: 'b', sentAt: NOW - 3_000 })],
      NOW,
    );
    expect(services.map(({ id, missing, beatAgeMs }) => [id, missing, beatAgeMs])).toEqual([
      ['a', false, 2_999],
      ['b', true, 3_000],
    ]);
  });

  it('leaves out one that another process took the place of', () => {
    const gone = { id: 'gone', sentAt: NOW - 9_000 };
    expect(observed(gone, { id: 'new', host: 'node-2', startedAt: NOW - 8_000 })).toEqual(['new']);
  });

  it.each([
    ['that ran already', { startedAt: NOW - 9_001 }],
    ['of another service', { service: 'producer', startedAt: NOW - 8_000 } as const],
  ])('does not take a process for a successor %s', (_, fields) => {
    const ids = observed({ id: 'gone', sentAt: NOW - 9_000 }, { id: 'other', ...fields });
    expect(ids).toContain('gone missing');
  });

  it('shows the last one only of several that took the place of one another', () => {
    const first = { id: 'first', sentAt: NOW - 20_000 };
    const second = { id: 'second', startedAt: NOW - 19_000, sentAt: NOW - 9_000 };
    expect(observed(first, second)).toEqual(['second missing']);
    expect(observed(first, second, { id: 'third', startedAt: NOW - 8_000 })).toEqual(['third']);
  });

  it('lets one process take the place of one only, of the one that went last', () => {
    const ids = observed(
      { id: 'first', sentAt: NOW - 20_000 },
      { id: 'second', sentAt: NOW - 9_000 },
      { id: 'new', startedAt: NOW - 8_000 },
    );
    expect(ids).toEqual(['first missing', 'new']);
  });
});
