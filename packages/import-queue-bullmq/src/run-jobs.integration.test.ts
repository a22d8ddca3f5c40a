import { PUT_OFF } from '@tagtrail/import-contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openImportJobSource } from './open-import-job-source.ts';
import { openImportQueue } from './open-import-queue.ts';
import { importJob, listingJob, queued, Runs, untilStopped } from './testing/import-jobs.ts';
import { KEY, openQueueFixture, type QueueFixture, until } from './testing/queue-fixture.ts';

let server: EmbeddedRedis;
let fixture: QueueFixture;
let runs: Runs;

beforeAll(async () => {
  server = await openRedisForTest();
  fixture = await openQueueFixture(server.url);
});
beforeEach(() => {
  runs = new Runs();
});
afterEach(() => fixture.clear());
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe('running jobs', () => {
  it('runs what was enqueued, with the payload it was given', async () => {
    await fixture.start(runs);
    await fixture.queue.enqueue([{ job: importJob('a'), leaseExpired: false }]);
    await runs.begun(1);
    expect(runs.jobs).toEqual([importJob('a')]);
  });

  it('runs listings as they were enqueued', async () => {
    await fixture.start(runs);
    const job = listingJob({ request: { id: 'r-1', replyTo: 'api-1', slot: 0 } });
    await fixture.queue.enqueue([{ job, leaseExpired: false }]);
    await runs.begun(1);
    expect(runs.jobs).toEqual([job]);
  });

  it('runs what somebody waits for although everything else stands still', async () => {
    const stuck = new Runs();
    stuck.work = (_, signal) => untilStopped(signal);
    await fixture.start(stuck, { concurrency: 1 });
    await fixture.queue.enqueue(queued(['a', 'b']));
    await stuck.begun(1);
    await using requested = await openImportQueue({
      url: server.url,
      queue: 'requested-imports',
    });
    await fixture.start(runs, { queue: 'requested-imports', concurrency: 1 });
    await requested.enqueue(queued(['c']));
    await runs.begun(1);
    expect(runs.tags).toEqual(['c']);
    expect(stuck.tags).toEqual(['a']);
  });

  it('runs what waited before it came, oldest first', async () => {
    await fixture.queue.enqueue(queued(['a', 'b', 'c']));
    await fixture.start(runs, { concurrency: 1 });
    await runs.begun(3);
    expect(runs.tags).toEqual(['a', 'b', 'c']);
  });

  it('runs as many at once as it may, and no more', async () => {
    const gate = Promise.withResolvers<void>();
    runs.work = () => gate.promise;
    await fixture.queue.enqueue(queued(['a', 'b', 'c']));
    const { source } = await fixture.start(runs, { concurrency: 2 });
    await runs.begun(2);
    expect(source.progress()).toMatchObject({ active: 2, ready: true });
    expect(await fixture.queue.metrics()).toMatchObject({ active: 2, waiting: 1 });
    gate.resolve();
    await runs.begun(3);
  });

  it('leaves nothing behind of a job that completed', async () => {
    await fixture.start(runs);
    await fixture.queue.enqueue(queued(['a']));
    await runs.begun(1);
    await until(fixture.isEmpty);
    expect(await fixture.direct.keys(`${KEY}:de:*`)).toEqual([]);
    expect(await fixture.direct.exists(`${KEY}:1`)).toBe(0);
  });

  it('runs a tag again that completed before', async () => {
    await fixture.start(runs);
    await fixture.queue.enqueue(queued(['a']));
    await runs.begun(1);
    await until(fixture.isEmpty);
    await fixture.queue.enqueue(queued(['a']));
    await runs.begun(2);
  });

  it('adds nothing while the same look runs', async () => {
    runs.work = (_, signal) => untilStopped(signal);
    await fixture.start(runs);
    await fixture.queue.enqueue(queued(['a']));
    await runs.begun(1);
    await fixture.queue.enqueue(queued(['a'], true));
    expect(await fixture.queue.metrics()).toMatchObject({ active: 1, waiting: 0 });
  });

  it('says when the last job ended', async () => {
    const { source } = await fixture.start(runs);
    expect(source.progress().lastFinished).toBeUndefined();
    const before = Date.now();
    await fixture.queue.enqueue(queued(['a']));
    await until(() => source.progress().lastFinished !== undefined);
    expect(source.progress().lastFinished).toBeGreaterThanOrEqual(before);
  });
});

describe('jobs that fail', () => {
  it('are reported, kept for reading and can be enqueued again', async () => {
    runs.work = () => Promise.reject(new Error('the log is gone'));
    const work = await fixture.start(runs);
    await fixture.queue.enqueue(queued(['a']));
    await work.failed(1);
    expect(work.errors[0]).toMatchObject({
      code: 'job-failed',
      message: 'job 1 failed: the log is gone',
    });
    expect(await fixture.queue.metrics()).toMatchObject({ failed: 1, waiting: 0, active: 0 });
    await fixture.queue.enqueue(queued(['a']));
    await runs.begun(2);
  });

  it('are those with a payload that is none, without a run', async () => {
    const work = await fixture.start(runs);
    await fixture.queue.enqueue([{ job: importJob('a', { from: '' }), leaseExpired: false }]);
    await work.failed(1);
    expect(work.errors[0]?.message).toContain('not an import job: from must be a text');
    expect(runs.jobs).toEqual([]);
  });
});

describe('stopping', () => {
  it('lets running jobs end and takes no more', async () => {
    const gate = Promise.withResolvers<void>();
    runs.work = () => gate.promise;
    const work = await fixture.start(runs, { concurrency: 1 });
    await fixture.queue.enqueue(queued(['a', 'b']));
    await runs.begun(1);
    work.abort();
    gate.resolve();
    await work.ended;
    expect(runs.tags).toEqual(['a']);
    expect(await fixture.queue.metrics()).toMatchObject({ active: 0, waiting: 1, failed: 0 });
  });

  it('ends at once when nothing runs', async () => {
    const work = await fixture.start(runs);
    work.abort();
    await work.ended;
  });

  it('does not begin when it was told to stop before', async () => {
    const source = await openImportJobSource({
      url: server.url,
      concurrency: 1,
      onError: (error) => expect.unreachable(error.message),
    });
    await source.run(runs.run, AbortSignal.abort());
    await source[Symbol.asyncDispose]();
  });

  it('gives back what it takes after it was told to stop', async () => {
    const work = await fixture.start(runs);
    await until(async () => (await fixture.direct.info('clients')).includes('blocked_clients:1'));
    work.abort();
    await work.ended;
    await fixture.queue.enqueue(queued(['a']));
    await fixture.start(runs);
    await runs.begun(1);
    expect(runs.tags).toEqual(['a']);
    await until(fixture.isEmpty);
  });

  it('tells running jobs to stop when it is disposed of, and gives them back', async () => {
    runs.work = (_, signal) => untilStopped(signal);
    const work = await fixture.start(runs);
    await fixture.queue.enqueue(queued(['a', 'b']));
    await runs.begun(2);
    await work[Symbol.asyncDispose]();
    await work.ended;
    expect(work.errors).toEqual([]);
    expect(await fixture.queue.metrics()).toMatchObject({ active: 0, waiting: 2, failed: 0 });
  });

  it('runs nothing after it was disposed of', async () => {
    const { source } = await fixture.start(runs);
    await source[Symbol.asyncDispose]();
    await source.run(runs.run, new AbortController().signal);
    expect(source.progress()).toMatchObject({ active: 0, ready: false });
  });
});

describe('jobs of the same queue', () => {
  it('are run again a while after they were put off, and nothing else waits for them', async () => {
    let puts = 0;
    const source = await openImportJobSource({
      url: server.url,
      concurrency: 1,
      onError: (error) => expect.unreachable(error.message),
    });
    const stop = new AbortController();
    const ended = source.run(async (job, signal) => {
      await runs.run(job, signal);
      const [first] = runs.tags;
      if (first !== 'a' || puts > 0 || runs.tags.length > 1) return undefined;
      puts += 1;
      return PUT_OFF;
    }, stop.signal);
    await fixture.queue.enqueue(queued(['a', 'b']));
    await runs.begun(2);
    expect(runs.tags).toEqual(['a', 'b']);
    await until(async () => (await fixture.queue.metrics()).delayed === 1);
    await runs.begun(3);
    expect(runs.tags.at(-1)).toBe('a');
    stop.abort();
    await ended;
    await source[Symbol.asyncDispose]();
    await until(fixture.isEmpty);
  });

  it('can be taken back until a worker takes them', async () => {
    const jobs = queued(['a', 'b']);
    await fixture.queue.enqueue(jobs);
    await fixture.queue.withdraw(jobs.slice(0, 1).map(({ job }) => job));
    await fixture.queue.withdraw(jobs.slice(0, 1).map(({ job }) => job));
    await fixture.start(runs);
    await runs.begun(1);
    expect(runs.tags).toEqual(['b']);
    await until(fixture.isEmpty);
    await fixture.queue.enqueue(jobs.slice(0, 1));
    await runs.begun(2);
    expect(runs.tags).toEqual(['b', 'a']);
  });
});
