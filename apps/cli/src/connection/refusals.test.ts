import { ApiError } from '@tagtrail/api-client';
import { alreadyExists, conflict } from '@tagtrail/apimachinery';
import { describe, expect, it } from 'vitest';
import { orElse, retryConflicts } from './refusals.ts';

const resource = { group: 'g', resource: 'r', kind: 'R', name: 'n' };
const lostRace = new ApiError(conflict(resource, 'changed'), 409);
const exists = new ApiError(alreadyExists(resource), 409);

/** A write that fails so often before it works. */
function failing(times: number, error: Error = lostRace) {
  const calls = { count: 0 };
  const write = async () => {
    calls.count += 1;
    if (calls.count <= times) throw error;
    return 'written';
  };
  return { calls, write };
}

describe('retryConflicts', () => {
  const pace = { attempts: 12, wait: () => 0 };

  it('tries as often as told', async () => {
    const late = failing(11);
    expect(await retryConflicts(late.write, pace)).toBe('written');
    const never = failing(12);
    await expect(retryConflicts(never.write, pace)).rejects.toBe(lostRace);
    expect([late.calls.count, never.calls.count]).toEqual([12, 12]);
  });

  it('tries what exists already once', async () => {
    const { calls, write } = failing(1, exists);
    await expect(retryConflicts(write, pace)).rejects.toBe(exists);
    expect(calls.count).toBe(1);
  });

  it('waits no longer when it is aborted', async () => {
    const { write } = failing(1);
    const wait = () => 60_000;
    const signal = AbortSignal.abort();
    expect(await retryConflicts(write, { attempts: 2, wait, signal })).toBe('written');
  });
});

describe('orElse', () => {
  it('takes the second way for the refusals that are named, and for no other', async () => {
    const second = async () => 'second';
    expect(await orElse(failing(1).write, [409], second)).toBe('second');
    expect(await orElse(failing(0).write, [409], second)).toBe('written');
    await expect(orElse(failing(1).write, [404], second)).rejects.toBe(lostRace);
    const bug = new Error('bug');
    await expect(orElse(failing(1, bug).write, [409], second)).rejects.toBe(bug);
  });
});
