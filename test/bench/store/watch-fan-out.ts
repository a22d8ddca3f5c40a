import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type ImageStreamRedis, openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openRedis } from '@tagtrail/redis-connection';
import { eventually, type Installation, openInstallation } from '../../e2e/installation.ts';
import { seedSchedule } from '../schedule/seed-schedule.ts';
import { threadCpuSeconds } from '../thread-cpu-seconds.ts';
import { commitMoves, type HeldStream, holdStreams } from './store-writes.ts';
import { WatchReaders } from './watch-readers.ts';

/** Pairs of our fan-out and the bare one, in turn: a drifting machine hits both. */
const PAIRS = 7;
const READERS = 100;
const CHANGES = 300;
/** Before the first pair that counts: compiled code. */
const WARM_UP_CHANGES = 600;
const STREAMS = 50;
const TAGS_PER_STREAM = 5;
const STOPPED_READERS = 20;
/** Some 25 MB for each of them: more than a connection and the API's own log hold. */
const CHANGES_UNREAD = 3_000;
/** ms between two looks at the API's memory. */
const LOOK_EVERY = 20;
const PAGE_BYTES = 4_096;
/** ms for the API to be ready, on a busy machine. */
const READY_LIMIT = 30_000;
const BARE_WRITER = fileURLToPath(new URL('./bare-writer.ts', import.meta.url));

export interface FanOutPair {
  /** CPU microseconds of the sending process per frame. */
  readonly ours: number;
  readonly bare: number;
}

export interface FanOut {
  readonly readers: number;
  readonly frameBytes: number;
  readonly pairs: readonly FanOutPair[];
  readonly stoppedReaders: number;
  readonly unreadChanges: number;
  /** Bytes by which the API's resident memory was larger at most than beside as many that read. */
  readonly stoppedBytes: number;
}

interface WatchSite {
  readonly tagtrail: Installation;
  readonly store: ImageStreamRedis;
  readonly held: readonly HeldStream[];
  readonly pid: number | undefined;
}

/** What it costs the API to tell many watchers of a change, over writing the same bytes to as many sockets. */
export async function measureFanOut(): Promise<FanOut> {
  await using opened = new AsyncDisposableStack();
  const tagtrail = opened.use(await openInstallation({}));
  const { url } = tagtrail.redis;
  const redis = openRedis({ url, name: 'bench' });
  opened.defer(() => redis.disconnect());
  const hosts = ['registry.example.com'];
  await seedSchedule(redis, {
    tags: STREAMS * TAGS_PER_STREAM,
    tagsPerStream: TAGS_PER_STREAM,
    hosts,
  });
  const store = opened.use(await openImageStreamRedis({ url, name: 'bench' }));
  const api = await tagtrail.start('api');
  const held = await holdStreams(store, STREAMS);
  const site = { tagtrail, store, held, pid: api.child.pid };
  const { pairs, frameBytes } = await measurePairs(site);
  const stoppedBytes = await measureStopped(site);
  return {
    readers: READERS,
    ...{ pairs, frameBytes, stoppedBytes },
    stoppedReaders: STOPPED_READERS,
    unreadChanges: CHANGES_UNREAD,
  };
}

async function measurePairs(site: WatchSite): Promise<Pick<FanOut, 'pairs' | 'frameBytes'>> {
  using readers = await openWatchers(site, READERS);
  await deliver(site, readers, { readers: READERS, changes: WARM_UP_CHANGES });
  const pairs: FanOutPair[] = [];
  let frameBytes = 0;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const ours = await deliver(site, readers, { readers: READERS, changes: CHANGES });
    frameBytes = Math.round(readers.bytes / (CHANGES * READERS));
    pairs.push({ ours, bare: await deliverBare(frameBytes) });
    process.stderr.write(`fan-out ${pair + 1} of ${PAIRS}\n`);
  }
  return { pairs, frameBytes };
}

/** Answers CPU microseconds of the API per frame that a reader got. */
async function deliver(
  { store, held, pid }: WatchSite,
  sockets: WatchReaders,
  { readers, changes }: { readonly readers: number; readonly changes: number },
): Promise<number> {
  sockets.forget();
  const before = threadCpuSeconds(pid);
  for (let done = 0; done < changes; done += CHANGES) {
    const step = Math.min(CHANGES, changes - done);
    // Watchers that fall too far behind are told to list again: here every frame must arrive.
    const received = sockets.received({ frames: (done + step) * readers });
    await Promise.all([commitMoves(store, held, step), received]);
  }
  return ((threadCpuSeconds(pid) - before) * 1e6) / (changes * readers);
}

async function deliverBare(frameBytes: number): Promise<number> {
  const writer = fork(BARE_WRITER, [READERS, CHANGES, frameBytes].map(String));
  const [address] = (await once(writer, 'message')) as [AddressInfo];
  using readers = await WatchReaders.open(address.port, READERS);
  const before = threadCpuSeconds(writer.pid);
  const received = readers.received({ bytes: CHANGES * READERS * frameBytes });
  writer.send('begin');
  await Promise.all([once(writer, 'message'), received]);
  const spent = threadCpuSeconds(writer.pid) - before;
  await end(writer);
  return (spent * 1e6) / (CHANGES * READERS);
}

async function end(writer: ChildProcess): Promise<void> {
  const exited = once(writer, 'exit');
  writer.send('end');
  await exited;
}

/** Answers by how many bytes the API is larger at most beside readers that stopped than beside readers that read. */
async function measureStopped(site: WatchSite): Promise<number> {
  const reading = async () => {
    using readers = await openWatchers(site, STOPPED_READERS);
    const work = () =>
      deliver(site, readers, { readers: STOPPED_READERS, changes: CHANGES_UNREAD });
    return await mostBytes(site, work);
  };
  // Once more than is measured: the API comes to hold as many changes as it ever does.
  await reading();
  const beside = await reading();
  using stopped = await openWatchers(site, STOPPED_READERS);
  stopped.stop();
  using reader = await openWatchers(site, 1);
  const most = await mostBytes(site, () =>
    deliver(site, reader, { readers: 1, changes: CHANGES_UNREAD }),
  );
  return Math.max(0, most - beside);
}

/** The API's resident bytes at most while `work` goes on. */
async function mostBytes({ pid }: WatchSite, work: () => Promise<unknown>): Promise<number> {
  let most = residentBytes(pid);
  const looking = setInterval(() => {
    most = Math.max(most, residentBytes(pid));
  }, LOOK_EVERY);
  try {
    await work();
  } finally {
    clearInterval(looking);
  }
  return Math.max(most, residentBytes(pid));
}

/** Watches from the newest change on; resolves when every one of them has begun. */
async function openWatchers({ tagtrail, store }: WatchSite, count: number): Promise<WatchReaders> {
  const { resourceVersion } = await store.streams.list({ limit: 1 });
  const { port } = new URL(tagtrail.server);
  const path = `/apis/image.openshift.io/v1/imagestreams?watch=true&resourceVersion=${resourceVersion}`;
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${tagtrail.token}\r\n\r\n`;
  await isReady(tagtrail);
  const readers = await WatchReaders.open(Number(port), count);
  const begun = readers.begun();
  readers.ask(request);
  await begun;
  readers.forget();
  return readers;
}

/** The API's reader of the change log follows it: before, watches are refused. */
async function isReady({ server }: Installation): Promise<void> {
  const ready = async () => ((await fetch(`${server}/readyz`)).ok ? true : undefined);
  await eventually(ready, READY_LIMIT);
}

function residentBytes(pid: number | undefined): number {
  const [, resident] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return Number(resident) * PAGE_BYTES;
}
