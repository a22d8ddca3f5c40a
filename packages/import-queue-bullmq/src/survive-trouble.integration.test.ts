import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openBreakableLink } from '../../redis-connection/src/testing/breakable-link.ts';
import { openImportJobSource } from './open-import-job-source.ts';
import { openImportQueue } from './open-import-queue.ts';
import { importJob, queued, Runs, untilStopped } from './testing/import-jobs.ts';
import { HASTY, KEY, openQueueFixture, type QueueFixture, until } from './testing/queue-fixture.ts';

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

describe('when somebody deletes keys', () => {
  it('runs what lost its list, once its lease has run out', async () => {
    await fixture.queue.enqueue(queued(['a', 'b']));
    await fixture.direct.del(`${KEY}:wait`);
    await fixture.start(runs);
    await fixture.queue.enqueue(queued(['a', 'b'], true));
    await runs.begun(2);
    expect(runs.tags.sort()).toEqual(['a', 'b']);
  });

  it('goes on after everything was deleted under an idle worker', async () => {
    await fixture.start(runs);
    await fixture.queue.enqueue(queued(['a']));
    await runs.begun(1);
    await until(fixture.isEmpty);
    await fixture.direct.flushall();
    await fixture.queue.enqueue(queued(['a', 'b']));
    await runs.begun(3);
  });

  it('goes on after everything was deleted under running jobs', async () => {
    const gate = Promise.withResolvers<void>();
    runs.work = () => gate.promise;
    const work = await fixture.start(runs);
    await fixture.queue.enqueue(queued(['a', 'b']));
    await runs.begun(2);
    await fixture.direct.flushall();
    gate.resolve();
    await work.failed(2);
    await fixture.queue.enqueue(queued(['a', 'b'], true));
    await runs.begun(4);
    expect(runs.tags.sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('tells a run to stop whose lock is gone', async () => {
    runs.work = (_, signal) => untilStopped(signal);
    await fixture.start(runs, { limits: HASTY });
    await fixture.queue.enqueue(queued(['a']));
    await runs.begun(1);
    await fixture.direct.del(`${KEY}:1:lock`);
    await until(() => runs.signals[0]?.aborted === true);
  });
});

describe('when a worker dies', () => {
  it('runs its jobs again elsewhere, with the same payload', async () => {
    const dying = new Runs();
    dying.work = () => new Promise(() => undefined);
    const dead = await fixture.start(dying, { limits: HASTY, concurrency: 2 });
    const job = importJob('a', { createdAt: 77, known: knownDigests() });
    await fixture.queue.enqueue([{ job, leaseExpired: false }]);
    await dying.begun(1);
    await dead[Symbol.asyncDispose]();
    await fixture.start(runs, { limits: HASTY });
    await runs.begun(1);
    expect(runs.jobs).toEqual([job]);
  });
});

describe('an outage of Redis', () => {
  it('is told to whoever opens the queue meanwhile', async () => {
    await using link = await openBreakableLink(server.url);
    await link.cut();
    const unavailable = { code: 'unavailable', retryable: true };
    await Promise.all([
      expect(openImportQueue({ url: link.url })).rejects.toMatchObject(unavailable),
      expect(
        openImportJobSource({ url: link.url, concurrency: 1, onError: () => undefined }),
      ).rejects.toMatchObject(unavailable),
    ]);
  });

  it('is survived: jobs run again when it is over', async () => {
    await using link = await openBreakableLink(server.url);
    const work = await fixture.start(runs, { limits: HASTY, url: link.url });
    await fixture.queue.enqueue(queued(['a']));
    await runs.begun(1);
    await until(fixture.isEmpty);
    await link.cut();
    // Longer than one wait for a job and BullMQ's watchdog: the case that killed workers before 6.7.
    await work.failed(14);
    expect(work.source.progress().ready).toBe(false);
    await link.mend();
    await fixture.queue.enqueue(queued(['b']));
    await runs.begun(2);
    expect(runs.tags).toEqual(['a', 'b']);
  });

  it('during a run delays its completion and nothing else', async () => {
    await using link = await openBreakableLink(server.url);
    const gate = Promise.withResolvers<void>();
    runs.work = () => gate.promise;
    const work = await fixture.start(runs, { url: link.url });
    await fixture.queue.enqueue(queued(['a']));
    await runs.begun(1);
    await link.cut();
    await work.failed(2);
    gate.resolve();
    await link.mend();
    await until(fixture.isEmpty);
    expect(await fixture.queue.metrics()).toMatchObject({ failed: 0 });
    expect(runs.tags).toEqual(['a']);
  });

  it('does not keep a source from ending', async () => {
    await using link = await openBreakableLink(server.url);
    const work = await fixture.start(runs, { url: link.url });
    await link.cut();
    await work.failed(2);
    work.abort();
    await work.ended;
    await work[Symbol.asyncDispose]();
  });
});

function knownDigests() {
  const digest = `sha256:${'b'.repeat(64)}`;
  return { upstreamDigest: digest, image: digest };
}
