import {
  type CheckState,
  createImageStream,
  decodeImageStream,
  deleteImageStream,
  type ImageStream,
  nextCheck,
  recordImport,
  replaceImageStream,
  type StreamChange,
  type StreamEvent,
  SUSPEND_ANNOTATION,
  type TagOutcome,
  type Touch,
} from '@tagtrail/image-stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digest, openStoreForTest, SETTINGS, T0 } from './testing/open-store-for-test.ts';
import { documentOf, found } from './testing/record-for-test.ts';
import { StoreModel } from './testing/store-model.ts';
import { type LookWish, SOURCES, type Step, step, type Wish } from './testing/store-steps.ts';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeAll(async () => {
  store = await openStoreForTest();
});
afterAll(async () => store[Symbol.asyncDispose]());

const LEASE = 5_000;

type Plan = { readonly change: StreamChange } | { readonly touch: Touch };

/** One run: the same steps on the store and on the model; every answer must be the same. */
class Run {
  readonly model = new StoreModel();
  readonly #plans = new Map<number, Plan>();
  #now = T0;
  #fence = 0;
  #uids = 0;

  async take(one: Step): Promise<void> {
    this.#now += 1_000;
    if (one.kind === 'claim') return this.#claim();
    if (one.kind === 'write') return this.#write(one.client);
    const plan = await this.#plan(one.name, one.wish);
    if (plan !== undefined) this.#plans.set(one.client, plan);
  }

  async #claim(): Promise<void> {
    const limits = { now: this.#now, lease: LEASE, perHost: 100, limit: 100 };
    const { tags } = await store.schedule.claim(limits);
    const members = tags.map(({ name, tag: at }) => `demo/${name}:${at}`).sort();
    expect(members).toEqual(this.model.claim(this.#now, LEASE));
  }

  async #write(by: number): Promise<void> {
    const plan = this.#plans.get(by);
    this.#plans.delete(by);
    if (plan === undefined) return;
    if ('touch' in plan) {
      expect(await store.checks.touch([plan.touch])).toEqual([this.model.touch(plan.touch)]);
    } else {
      expect(await store.streams.commit(plan.change)).toEqual(this.model.commit(plan.change));
    }
  }

  async #plan(name: string, wanted: Wish): Promise<Plan | undefined> {
    const key = { namespace: 'demo', name };
    const current = await store.streams.read(key);
    expect(current).toEqual(this.model.streams.get(name));
    const checks = await store.checks.readChecks(current?.metadata.uid ?? '');
    if (wanted.kind === 'define') return this.#define(name, wanted, { current, checks });
    if (current === undefined) return undefined;
    if (wanted.kind === 'delete') return { change: deleteImageStream(current, checks) };
    if (wanted.kind === 'record') return this.#record(current, checks, wanted.looks);
    return this.#touch(current, checks.get(wanted.tag), wanted.tag);
  }

  #define(
    name: string,
    { tags, suspended, follows }: Wish & { kind: 'define' },
    {
      current,
      checks,
    }: { current: ImageStream | undefined; checks: ReadonlyMap<string, CheckState> },
  ): Plan {
    const annotations = suspended ? { [SUSPEND_ANNOTATION]: 'true' } : {};
    const decoded = decodeImageStream({
      metadata: { name, namespace: 'demo', annotations },
      spec: {
        ...(follows && { dockerImageRepository: 'ghcr.io/acme/followed' }),
        tags: tags.map(({ name: at, source, scheduled, reference }) => ({
          name: at,
          from: { kind: 'DockerImage', name: SOURCES[source] },
          importPolicy: { scheduled },
          reference,
        })),
      },
    });
    if (!decoded.ok) throw new Error('not decoded');
    this.#uids += 1;
    const context = { now: this.#now, uid: `uid-${this.#uids}`, settings: SETTINGS, checks };
    const write =
      current === undefined
        ? createImageStream(decoded.stream, context)
        : replaceImageStream(current, decoded.stream, context);
    if (!write.ok) throw new Error('refused');
    return { change: write.change };
  }

  #record(
    stream: ImageStream,
    checks: ReadonlyMap<string, CheckState>,
    looks: readonly LookWish[],
  ): Plan {
    const outcomes = looks.map((one) => this.#look(one, checks.get(one.tag)));
    const context = { checks, now: this.#now, settings: SETTINGS, historyLimit: 2 };
    const recorded = recordImport(stream, outcomes, context);
    const change = {
      key: { namespace: 'demo', name: stream.metadata.name },
      before: stream,
      after: recorded.stream,
      recordUnchanged: !recorded.changed,
      checks: recorded.checks,
      expectedChecks: new Map(recorded.checks.map(({ tag: at }) => [at, checks.get(at)])),
      history: recorded.history,
      receipts: [],
    };
    return { change };
  }

  #look(
    { tag: at, digit, outcome, late, stale }: LookWish,
    state: CheckState | undefined,
  ): TagOutcome {
    this.#fence += 1;
    const fence = late ? Math.max(1, this.#fence - 4) : this.#fence;
    const generation = (state?.generation ?? 1) - (stale ? 1 : 0);
    const look = found(digit, fence, { tag: at, generation });
    if (outcome === 'imported') return look;
    const image = digest(digit);
    return outcome === 'unchanged'
      ? { ...look, outcome: { kind: 'unchanged', upstreamDigest: image, image } }
      : {
          ...look,
          outcome: { kind: 'failed', reason: 'Timeout', message: digit, retryable: true },
        };
  }

  #touch(stream: ImageStream, before: CheckState | undefined, at: string): Plan | undefined {
    if (before === undefined) return undefined;
    const { name, uid = '' } = stream.metadata;
    const look = this.#look(
      { tag: at, digit: '1', outcome: 'unchanged', late: false, stale: false },
      before,
    );
    const after = nextCheck(before, look, { now: this.#now, settings: SETTINGS });
    const receipt = { log: '{tagtrail}:results', group: 'writers', entry: '1-0' };
    return { touch: { key: { namespace: 'demo', name, uid, tag: at }, before, after, receipt } };
  }
}

async function watched(count: number): Promise<readonly StreamEvent[]> {
  const events: StreamEvent[] = [];
  if (count === 0) return events;
  for await (const batch of store.streams.watch('0', new AbortController().signal)) {
    events.push(...batch);
    if (events.length >= count) break;
  }
  return events;
}

async function scores(key: string): Promise<ReadonlyMap<string, number>> {
  const flat = await store.redis.zrange(key, '0', '-1', 'WITHSCORES');
  return new Map(
    flat.flatMap((member, at) => (at % 2 === 0 ? [[member, Number(flat[at + 1])]] : [])),
  );
}

/** Everything that can be read from the store is what the model holds. */
async function compare(model: StoreModel): Promise<void> {
  const { items, resourceVersion } = await store.streams.list({});
  expect(new Map(items.map((item) => [item.metadata.name, item]))).toEqual(
    new Map([...model.streams].sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  expect(resourceVersion).toBe(String(model.events.length));
  expect(model.events.map((event) => Number(event.resourceVersion))).toEqual(
    model.events.map((_, at) => at + 1),
  );
  expect(await watched(model.events.length)).toEqual(model.events);
  await compareSchedule(model);
  expect(await store.checks.outcomes()).toEqual(model.outcomes());
  for (const [name, events] of model.history) {
    const [uid = '', at = ''] = name.split(':');
    const page = { offset: 0, limit: 1_000 };
    const stored = await store.streams.history({ namespace: '', name: '', uid, tag: at }, page);
    expect(stored).toEqual(events);
    for (const image of new Set(events.map((event) => event.image).filter(Boolean))) {
      expect(await store.redis.hexists(`{tagtrail}:image-users:${image}`, name)).toBe(1);
    }
  }
}

async function compareSchedule(model: StoreModel): Promise<void> {
  const first = new Map<string, number>();
  for (const [host, { due, leases }] of model.hosts) {
    expect(await scores(`{tagtrail}:due:${host}`)).toEqual(due);
    expect(await scores(`{tagtrail}:leases:${host}`)).toEqual(leases);
    if (due.size > 0) first.set(host, Math.min(...due.values()));
  }
  expect(await scores('{tagtrail}:hosts')).toEqual(first);
  // What the records say is what is scheduled, no more and no less; a lease stands in for a tag's own time.
  const hosts = [...model.hosts.values()];
  const leased = new Set(hosts.flatMap(({ leases }) => [...leases.keys()]));
  const unleased = ([member]: readonly [string, number]) => !leased.has(member);
  const scheduled = hosts.flatMap(({ due }) => [...due]).filter(unleased);
  const wanted = (await dueByRecords(model)).filter(unleased);
  expect(new Map(scheduled)).toEqual(new Map(wanted));
}

async function dueByRecords(model: StoreModel): Promise<readonly (readonly [string, number])[]> {
  const due: (readonly [string, number])[] = [];
  for (const { metadata } of model.streams.values()) {
    const checks = await store.checks.readChecks(metadata.uid ?? '');
    expect(checks).toEqual(model.checks.get(metadata.uid ?? '') ?? new Map());
    for (const [at, { nextDue }] of checks) {
      if (nextDue !== null) due.push([`demo/${metadata.name}:${at}`, nextDue]);
    }
  }
  return due;
}

it('is one store to several clients: no update lost, no change twice, every tag where its record says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      await store.redis.flushall();
      await store.images.save(['1', '2', '3'].map((digit) => documentOf(digest(digit))));
      const run = new Run();
      for (const one of steps) await run.take(one);
      await compare(run.model);
    }),
    { numRuns: 150 },
  );
});
