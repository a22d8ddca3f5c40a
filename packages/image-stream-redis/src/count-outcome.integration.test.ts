import { readFileSync } from 'node:fs';
import { LISTING_TAG } from '@tagtrail/image-stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packCheckState } from './pack-check-state.ts';
import { openStoreForTest } from './testing/open-store-for-test.ts';

const SCRIPT = readFileSync(new URL('./count-outcome.lua', import.meta.url), 'utf8');
const OUTCOMES = '{tagtrail}:outcomes';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeAll(async () => {
  store = await openStoreForTest();
});
afterAll(async () => store[Symbol.asyncDispose]());

const outcome = fc.constantFrom('never', 'imported', 'unchanged', 'Timeout');
const time = fc.option(fc.maxSafeNat());
/** Texts that look like what the script looks for, among others. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(',1,2,"Timeout","', '5,6,', ',null,0,', '\\', '"', 'localhost', '\ud83d'),
);
const state = fc.record({
  generation: fc.nat(),
  host: text,
  repository: text,
  schedule: fc.option(text),
  suspended: fc.boolean(),
  fence: fc.maxSafeNat(),
  lastChecked: time,
  lastChanged: time,
  nextDue: time,
  attempts: fc.nat(),
  outcome,
  message: text,
  upstreamDigest: fc.option(text),
  image: fc.option(text),
});

/** Counts one tag as moved from one packed state to another; '' is none. */
async function count(tag: string, before: string, after: string): Promise<void> {
  const call = `${SCRIPT}\ncount_outcome(KEYS[1], ARGV[1], ARGV[2], ARGV[3])`;
  await store.redis.eval(call, 1, OUTCOMES, tag, before, after);
}

it('reads the outcome in a packed state, whatever the texts around it say', async () => {
  const property = fc.asyncProperty(
    fc.array(state, { minLength: 30, maxLength: 60 }),
    async (states) => {
      await store.redis.flushall();
      const packed = states.map(packCheckState);
      const tally: Record<string, number> = {};
      for (const one of states) tally[one.outcome] = (tally[one.outcome] ?? 0) + 1;
      await Promise.all(packed.map((text) => count('latest', '', text)));
      expect(await store.checks.outcomes()).toEqual(tally);
      await Promise.all(packed.map((text) => count('latest', text, '')));
      expect(await store.checks.outcomes()).toEqual({});
    },
  );
  await fc.assert(property, { numRuns: 20 });
});

it('counts no listing, and nothing that is no state', async () => {
  await store.redis.flushall();
  const [packed = ''] = fc.sample(state, 1).map(packCheckState);
  await count(LISTING_TAG, '', packed);
  await count('latest', 'not a state', '[9,"of a later layout"]');
  expect(await store.checks.outcomes()).toEqual({});
});
