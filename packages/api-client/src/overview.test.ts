import { describe, expect, it } from 'vitest';
import { createApiClient } from './create-api-client.ts';
import { decodeOverview, type Overview } from './overview.ts';

const COUNTS = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0, oldestWait: 0 };
const OVERVIEW: Overview = {
  at: '2026-11-23T10:00:00.000Z',
  queue: COUNTS,
  requested: COUNTS,
  results: { lag: 0, pending: 0, deadLetters: 0 },
  schedule: { scheduled: 0, due: 0, leased: 0, lag: 0, hosts: [] },
  completedPerSecond: 0,
  failedPerSecond: 0,
  outcomes: {},
  services: [],
  missing: ['worker'],
  problems: [],
  oneMoreWorker: { text: 'yes', looksPerSecondNow: 0, busyShare: 0, helps: true },
};

describe('decodeOverview', () => {
  it('takes an overview, and what a newer API adds', () => {
    const newer = { ...OVERVIEW, weather: 'fair' };
    expect(decodeOverview(newer)).toEqual(newer);
  });

  it.each(Object.keys(OVERVIEW))('refuses one without %s', (part) => {
    const { [part]: _, ...rest } = OVERVIEW as unknown as Record<string, unknown>;
    expect(() => decodeOverview(rest)).toThrow(
      `the API answered an overview without ${part}; is it of another version?`,
    );
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a text', 'overview'],
  ])('refuses %s', (_, value) => {
    expect(() => decodeOverview(value)).toThrow('the overview is not an object');
  });

  it('refuses a part of another kind', () => {
    expect(() => decodeOverview({ ...OVERVIEW, services: {} })).toThrow(
      'the API answered an overview without services',
    );
  });
});

describe('client.overview', () => {
  it('asks the tagtrail.dev group, and checks the answer', async () => {
    const asked: string[] = [];
    const answers = [OVERVIEW, { kind: 'Something' }];
    const client = createApiClient({
      server: 'https://tags.example.com',
      fetch: async (input) => {
        asked.push(String(input));
        return Response.json(answers.shift());
      },
    });
    expect(await client.overview()).toEqual(OVERVIEW);
    expect(asked).toEqual(['https://tags.example.com/apis/tagtrail.dev/v1/overview']);
    await expect(client.overview()).rejects.toMatchObject({ name: 'ApiError', retryable: false });
  });
});
