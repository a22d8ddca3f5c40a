import type { ImageStream } from '@tagtrail/image-stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openImageStreamRedis } from './open-image-stream-redis.ts';
import { openStoreForTest } from './testing/open-store-for-test.ts';
import { countOf, type Operation, StoreClient, type Write } from './testing/store-client.ts';
import { followUntil, type Seen } from './testing/watch-client.ts';

const CLIENTS = 4;
const NAMES = ['a', 'a', 'b'] as const;

let store: Awaited<ReturnType<typeof openStoreForTest>>;
let clients: readonly StoreClient[];
beforeAll(async () => {
  store = await openStoreForTest();
  // A connection each: commands of one connection would come one after the other.
  clients = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, at) => {
      const name = `client-${at}`;
      return new StoreClient(name, await openImageStreamRedis({ url: store.url, name }));
    }),
  );
});
afterAll(async () => {
  for (const client of clients) await client.store[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom('count', 'count', 'count', 'touch', 'touch', 'delete'),
  name: fc.constantFrom(...NAMES),
});
const plan = fc.array(operation, { minLength: 4, maxLength: 12 });
const plans = fc.tuple(...Array.from({ length: CLIENTS }, () => plan));

/** All at the same time; the watchers from before the first write until they have seen the last. */
async function runTogether(all: readonly (readonly Operation[])[], breaks: readonly number[]) {
  const last = Promise.withResolvers<number>();
  const watches = [
    followUntil(store.streams, { version: last.promise, breaks: [] }),
    ...clients.map(({ store: { streams } }, at) =>
      followUntil(streams, { version: last.promise, breaks: breaks.map((one) => one + at) }),
    ),
  ];
  const written = await Promise.all(clients.map((client, at) => client.perform(all[at] ?? [])));
  const writes = written.flat().sort((one, other) => one.version - other.version);
  last.resolve(writes.length);
  return { written, writes, watched: await Promise.all(watches) };
}

/** The versions of all clients together are 1, 2, 3, …, and each client's own grow. */
function checkVersions(written: readonly (readonly Write[])[], writes: readonly Write[]): void {
  expect(writes.map(({ version }) => version)).toEqual(writes.map((_, at) => at + 1));
  for (const own of written) {
    const versions = own.map(({ version }) => version);
    expect(versions).toEqual(versions.toSorted((one, other) => one - other));
  }
}

/** In the order of the versions, every write builds on the one before it: none was lost, none counted twice. */
async function checkCounts(writes: readonly Write[]): Promise<void> {
  const counts = new Map<string, number>();
  for (const { kind, name, count } of writes) {
    expect(count).toBe(kind === 'delete' ? 0 : (counts.get(name) ?? 0) + 1);
    counts.set(name, count);
  }
  for (const [name, count] of counts) {
    const stream = await store.streams.read({ namespace: 'demo', name });
    expect(countOf(stream)).toBe(count);
  }
}

/** Every touch that was told to be written is one step of the check state that is there. */
async function checkTouches(): Promise<void> {
  for (const { metadata } of (await store.streams.list({})).items) {
    const uid = metadata.uid ?? '';
    const touched = clients.reduce((sum, client) => sum + (client.touches.get(uid) ?? 0), 0);
    const checks = await store.checks.readChecks(uid);
    expect(checks.get('latest')?.fence).toBe(touched);
  }
}

/** Every version once and in order; each change begins where the one before it ended; the end is what the store holds. */
async function checkWatch({ events, resumed }: Seen, writes: readonly Write[]): Promise<number> {
  expect(events.map(({ resourceVersion }) => Number(resourceVersion))).toEqual(
    writes.map(({ version }) => version),
  );
  const streams = new Map<string, ImageStream>();
  for (const { key, before, after } of events) {
    expect(withoutVersion(before)).toEqual(withoutVersion(streams.get(key.name)));
    if (after === undefined) streams.delete(key.name);
    else streams.set(key.name, after);
  }
  const { items } = await store.streams.list({});
  expect([...streams.values()].sort(byName)).toEqual([...items].sort(byName));
  return resumed;
}

function byName(one: ImageStream, other: ImageStream): number {
  return one.metadata.name < other.metadata.name ? -1 : 1;
}

function withoutVersion(stream: ImageStream | undefined): unknown {
  if (stream === undefined) return undefined;
  const { resourceVersion: _, ...metadata } = stream.metadata;
  return { ...stream, metadata };
}

it('loses nothing of clients that write at the same time, and shows every watcher all of it', {
  timeout: 120_000,
}, async () => {
  let resumed = 0;
  const breaks = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(plans, breaks, async (all, where) => {
      await store.redis.flushall();
      for (const client of clients) client.begin();
      const { written, writes, watched } = await runTogether(all, where);
      checkVersions(written, writes);
      await checkCounts(writes);
      await checkTouches();
      for (const seen of watched) resumed += await checkWatch(seen, writes);
    }),
    { numRuns: 25 },
  );
  // They met, and watches were broken off: otherwise nothing of this was tried.
  const conflicts = clients.reduce((sum, client) => sum + client.conflicts, 0);
  expect(conflicts).toBeGreaterThan(20);
  expect(resumed).toBeGreaterThan(20);
});
