import type { ImportJobSource, ImportQueue } from '@tagtrail/import-contract';
import { openRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import {
  type BreakableLink,
  openBreakableLink,
} from '../../redis-connection/src/testing/breakable-link.ts';
import type { JobSourceLimits } from './bull-import-job-source.ts';
import { openImportJobSource } from './open-import-job-source.ts';
import { openImportQueue } from './open-import-queue.ts';
import { importJob, queued, Runs, untilStopped } from './testing/import-jobs.ts';

const KEY = '{tagtrail-queue}:imports';

/** So short that a test can wait for a lock to run out. */
const HASTY: Partial<JobSourceLimits> = { lockDuration: 400, stalledInterval: 200, drainDelay: 1 };

/** A source at work, with what it reports. */
interface Work extends AsyncDisposable {
  readonly source: ImportJobSource;
  readonly errors: Error[];
  readonly ended: Promise<void>;
  /** Resolves when `count` errors were reported. */
  failed(count: number): Promise<void>;
  abort(): void;
}

describe('the queue, working side', () => {
  let server: EmbeddedRedis;
  let direct: Redis;
  let queue: ImportQueue;
  let runs: Runs;
  const opened: AsyncDisposable[] = [];

  beforeAll(async () => {
    server = await openRedisForTest();
    direct = openRedis({ url: server.url, name: 'test' });
  });
  afterAll(async () => {
    direct.disconnect();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    runs = new Runs();
    queue = await openImportQueue({ url: server.url });
  });
  afterEach(async () => {
    for (const resource of opened.splice(0).reverse()) {
      await resource[Symbol.asyncDispose]();
    }
    await queue[Symbol.asyncDispose]();
    await direct.flushall();
  });

  async function start(
    by: Runs,
    options: { limits?: Partial<JobSourceLimits>; url?: string; concurrency?: number } = {},
  ): Promise<Work> {
    const errors: Error[] = [];
    const waiters: (() => void)[] = [];
    const source = await openImportJobSource({
      url: server.url,
      concurrency: 10,
      onError: (error) => {
        errors.push(error);
        for (const look of waiters) {
          look();
        }
      },
      ...options,
    });
    const controller = new AbortController();
    const work: Work = {
      source,
      errors,
      ended: source.run(by.run, controller.signal),
      failed: (count) =>
        new Promise((resolve) => {
          waiters.push(() => errors.length >= count && resolve());
          waiters.at(-1)?.();
        }),
      abort: () => controller.abort(),
      [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
    };
    opened.push(work);
    return work;
  }

  async function openLink(): Promise<BreakableLink> {
    const link = await openBreakableLink(server.url);
    opened.push(link);
    return link;
  }

  /** Until the queue holds this; asks Redis again and again, which takes its time. */
  async function until(condition: () => Promise<boolean>): Promise<void> {
    if (!(await condition())) {
      await until(condition);
    }
  }

  const isEmpty = async () => {
    const { waiting, active } = await queue.metrics();
    return waiting + active === 0;
  };

  describe('running jobs', () => {
    it('runs what was enqueued, with the payload it was given', async () => {
      await start(runs);
      await queue.enqueue([{ job: importJob('a'), leaseExpired: false }]);
      await runs.begun(1);
      expect(runs.jobs).toEqual([importJob('a')]);
    });

    it('runs what waited before it came, oldest first', async () => {
      await queue.enqueue(queued(['a', 'b', 'c']));
      await start(runs, { concurrency: 1 });
      await runs.begun(3);
      expect(runs.tags).toEqual(['a', 'b', 'c']);
    });

    it('runs as many at once as it may, and no more', async () => {
      const gate = Promise.withResolvers<void>();
      runs.work = () => gate.promise;
      await queue.enqueue(queued(['a', 'b', 'c']));
      const { source } = await start(runs, { concurrency: 2 });
      await runs.begun(2);
      expect(source.progress()).toMatchObject({ active: 2, ready: true });
      expect(await queue.metrics()).toMatchObject({ active: 2, waiting: 1 });
      gate.resolve();
      await runs.begun(3);
    });

    it('leaves nothing behind of a job that completed', async () => {
      await start(runs);
      await queue.enqueue(queued(['a']));
      await runs.begun(1);
      await until(isEmpty);
      expect(await direct.keys(`${KEY}:de:*`)).toEqual([]);
      expect(await direct.exists(`${KEY}:1`)).toBe(0);
    });

    it('runs a tag again that completed before', async () => {
      await start(runs);
      await queue.enqueue(queued(['a']));
      await runs.begun(1);
      await until(isEmpty);
      await queue.enqueue(queued(['a']));
      await runs.begun(2);
    });

    it('adds nothing while the same look runs', async () => {
      runs.work = (_, signal) => untilStopped(signal);
      await start(runs);
      await queue.enqueue(queued(['a']));
      await runs.begun(1);
      await queue.enqueue(queued(['a'], true));
      expect(await queue.metrics()).toMatchObject({ active: 1, waiting: 0 });
    });

    it('says when the last job ended', async () => {
      const { source } = await start(runs);
      expect(source.progress().lastFinished).toBeUndefined();
      const before = Date.now();
      await queue.enqueue(queued(['a']));
      await until(async () => source.progress().lastFinished !== undefined);
      expect(source.progress().lastFinished).toBeGreaterThanOrEqual(before);
    });
  });

  describe('jobs that fail', () => {
    it('are reported, kept for reading and can be enqueued again', async () => {
      runs.work = () => Promise.reject(new Error('the log is gone'));
      const work = await start(runs);
      await queue.enqueue(queued(['a']));
      await work.failed(1);
      expect(work.errors[0]).toMatchObject({
        code: 'job-failed',
        message: 'job 1 failed: the log is gone',
      });
      expect(await queue.metrics()).toMatchObject({ failed: 1, waiting: 0, active: 0 });
      await queue.enqueue(queued(['a']));
      await runs.begun(2);
    });

    it('are those with a payload that is none, without a run', async () => {
      const work = await start(runs);
      await queue.enqueue([{ job: importJob('a', { from: '' }), leaseExpired: false }]);
      await work.failed(1);
      expect(work.errors[0]?.message).toContain('not an import job: from must be a text');
      expect(runs.jobs).toEqual([]);
    });
  });

  describe('when somebody deletes keys', () => {
    it('runs what lost its list, once its lease has run out', async () => {
      await queue.enqueue(queued(['a', 'b']));
      await direct.del(`${KEY}:wait`);
      await start(runs);
      await queue.enqueue(queued(['a', 'b'], true));
      await runs.begun(2);
      expect(runs.tags.sort()).toEqual(['a', 'b']);
    });

    it('goes on after everything was deleted under an idle worker', async () => {
      await start(runs);
      await queue.enqueue(queued(['a']));
      await runs.begun(1);
      await until(isEmpty);
      await direct.flushall();
      await queue.enqueue(queued(['a', 'b']));
      await runs.begun(3);
    });

    it('goes on after everything was deleted under running jobs', async () => {
      const gate = Promise.withResolvers<void>();
      runs.work = () => gate.promise;
      const work = await start(runs);
      await queue.enqueue(queued(['a', 'b']));
      await runs.begun(2);
      await direct.flushall();
      gate.resolve();
      await work.failed(2);
      await queue.enqueue(queued(['a', 'b'], true));
      await runs.begun(4);
      expect(runs.tags.sort()).toEqual(['a', 'a', 'b', 'b']);
    });

    it('tells a run to stop whose lock is gone', async () => {
      runs.work = (_, signal) => untilStopped(signal);
      await start(runs, { limits: HASTY });
      await queue.enqueue(queued(['a']));
      await runs.begun(1);
      await direct.del(`${KEY}:1:lock`);
      await until(async () => runs.signals[0]?.aborted === true);
    });
  });

  describe('when a worker dies', () => {
    it('runs its jobs again elsewhere, with the same payload', async () => {
      const dying = new Runs();
      dying.work = () => new Promise(() => undefined);
      const dead = await start(dying, { limits: HASTY, concurrency: 2 });
      const job = importJob('a', { createdAt: 77, known: knownDigests() });
      await queue.enqueue([{ job, leaseExpired: false }]);
      await dying.begun(1);
      await dead[Symbol.asyncDispose]();
      await start(runs, { limits: HASTY });
      await runs.begun(1);
      expect(runs.jobs).toEqual([job]);
    });
  });

  describe('an outage of Redis', () => {
    it('is survived: jobs run again when it is over', async () => {
      const link = await openLink();
      const work = await start(runs, { limits: HASTY, url: link.url });
      await queue.enqueue(queued(['a']));
      await runs.begun(1);
      await until(isEmpty);
      await link.cut();
      // Longer than one wait for a job and BullMQ's watchdog: the case that killed workers before 6.7.
      await work.failed(14);
      expect(work.source.progress().ready).toBe(false);
      await link.mend();
      await queue.enqueue(queued(['b']));
      await runs.begun(2);
      expect(runs.tags).toEqual(['a', 'b']);
    });

    it('during a run delays its completion and nothing else', async () => {
      const link = await openLink();
      const gate = Promise.withResolvers<void>();
      runs.work = () => gate.promise;
      const work = await start(runs, { url: link.url });
      await queue.enqueue(queued(['a']));
      await runs.begun(1);
      await link.cut();
      await work.failed(2);
      gate.resolve();
      await link.mend();
      await until(isEmpty);
      expect(await queue.metrics()).toMatchObject({ failed: 0 });
      expect(runs.tags).toEqual(['a']);
    });

    it('does not keep a source from ending', async () => {
      const link = await openLink();
      const work = await start(runs, { url: link.url });
      await link.cut();
      await work.failed(2);
      work.abort();
      await work.ended;
      await work[Symbol.asyncDispose]();
    });
  });

  describe('stopping', () => {
    it('lets running jobs end and takes no more', async () => {
      const gate = Promise.withResolvers<void>();
      runs.work = () => gate.promise;
      const work = await start(runs, { concurrency: 1 });
      await queue.enqueue(queued(['a', 'b']));
      await runs.begun(1);
      work.abort();
      gate.resolve();
      await work.ended;
      expect(runs.tags).toEqual(['a']);
      expect(await queue.metrics()).toMatchObject({ active: 0, waiting: 1, failed: 0 });
    });

    it('ends at once when nothing runs', async () => {
      const work = await start(runs);
      work.abort();
      await work.ended;
    });

    it('does not begin when it was told to stop before', async () => {
      const source = await openImportJobSource({
        url: server.url,
        concurrency: 1,
        onError: expect.unreachable,
      });
      await source.run(runs.run, AbortSignal.abort());
      await source[Symbol.asyncDispose]();
    });

    it('gives back what it takes after it was told to stop', async () => {
      const work = await start(runs);
      await until(async () => (await direct.info('clients')).includes('blocked_clients:1'));
      work.abort();
      await work.ended;
      await queue.enqueue(queued(['a']));
      await start(runs);
      await runs.begun(1);
      expect(runs.tags).toEqual(['a']);
      await until(isEmpty);
    });

    it('tells running jobs to stop when it is disposed of, and gives them back', async () => {
      runs.work = (_, signal) => untilStopped(signal);
      const work = await start(runs);
      await queue.enqueue(queued(['a', 'b']));
      await runs.begun(2);
      await work[Symbol.asyncDispose]();
      await work.ended;
      expect(work.errors).toEqual([]);
      expect(await queue.metrics()).toMatchObject({ active: 0, waiting: 2, failed: 0 });
    });

    it('runs nothing after it was disposed of', async () => {
      const { source } = await start(runs);
      await source[Symbol.asyncDispose]();
      await source.run(runs.run, new AbortController().signal);
      expect(source.progress()).toMatchObject({ active: 0, ready: false });
    });
  });
});

function knownDigests() {
  const digest = `sha256:${'b'.repeat(64)}`;
  return { upstreamDigest: digest, image: digest };
}
