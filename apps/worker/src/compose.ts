import { openHeartbeats } from '@tagtrail/heartbeats-redis';
import { openImageStreamRedis } from '@tagtrail/image-stream-redis';
import type { ImportJobSource, ImportQueue } from '@tagtrail/import-contract';
import { openImportJobSource, openImportQueue, queuePrefix } from '@tagtrail/import-queue-bullmq';
import { openResultLog } from '@tagtrail/import-results-redis';
import {
  beatEverySecond,
  composeService,
  delay,
  endWithin,
  type ResourceStack,
  type Service,
} from '@tagtrail/lifecycle';
import {
  allOf,
  createLifeline,
  createMetrics,
  createProgressWatch,
  describeError,
  type HealthCheck,
  type Logger,
  openHealthServer,
  type ProgressWatch,
} from '@tagtrail/observability';
import { openUpstream } from '@tagtrail/upstream-registries';
import type { WorkerConfig } from './config.ts';
import { HostGate } from './host-gate.ts';
import { JointHeads } from './joint-heads.ts';
import { runJob, runRequestedJob } from './run-job.ts';
import { createWorkerMetrics, type WorkerFigures } from './worker-metrics.ts';

/** ms between looks at the queue: a worker that takes nothing while jobs wait must be noticed. */
const BACKLOG_INTERVAL_MS = 5_000;
/**
 * ms after a stop in which running jobs may end; then they are told to stop and given back. Both must fit into the time
 * that a process has to end.
 */
const STOP_GRACE = 1_500;
/** The queue of imports that somebody waits for. */
const REQUESTED = 'requested-imports';
/** Requested jobs that one worker holds, running or waiting for their registry. A lock each, renewed every 15 s. */
const REQUESTED_HELD = 1_024;
/** Of them, those that wait for one registry; enough for two whole repositories, and eight that hang leave room. */
const REQUESTED_HELD_PER_HOST = 112;
/** Requested jobs that run at once: somebody waits for them, but the scheduled ones need their share of the machine. */
const REQUESTED_LIMITS = { total: 64, perHost: 16 } as const;

/** Opens registry client, job source, result log and document store; jobs run until the signal. */
export function compose(
  config: WorkerConfig,
  { logger }: { readonly logger: Logger },
): Promise<Service> {
  return composeService(async (resources) => {
    const { url, slot } = config.redis;
    const prefix = queuePrefix(slot);
    const metrics = createMetrics('worker');
    const { progress, lifeline } = openVitals(config);
    const { store, coolDowns } = await openStore(resources, config, logger);
    const upstream = { name: 'worker', logger, coolDowns };
    const { registry, namespaces } = resources.use(await openUpstream(config, upstream));
    const results = resources.use(
      await openResultLog({ url, slot, consumer: `worker-${process.pid}` }),
    );
    const queue = resources.use(await openImportQueue({ url, prefix }));
    const onError = (error: Error) => logger.warn({ err: describeError(error) }, 'queue trouble');
    const { concurrency, jobDeadline } = config.import;
    const open = { url, prefix, onError };
    const source = resources.use(await openImportJobSource({ ...open, concurrency }));
    const requestedSource = resources.use(
      await openImportJobSource({ ...open, queue: REQUESTED, concurrency: REQUESTED_HELD }),
    );
    const requestedQueue = resources.use(await openImportQueue({ url, prefix, queue: REQUESTED }));
    const ready = createReadiness([source, requestedSource], { progress, lifeline });
    const health = { ...config.health, metrics, ready, live: lifeline.live };
    const server = resources.use(await openHealthServer(health));
    logger.info({ url: server.url }, 'health and metrics');
    const dependencies = {
      registry,
      heads: new JointHeads(registry),
      registries: config.registries,
      namespaces,
      images: store.images,
      results,
      metrics: createWorkerMetrics(metrics, progress),
      deadline: jobDeadline,
      gate: new HostGate(REQUESTED_LIMITS),
      heldPerHost: REQUESTED_HELD_PER_HOST,
    };
    const beating = { counted: dependencies.metrics, source, onBeat: lifeline.held };
    startBeating(resources, { config, logger, ...beating });
    const lanes = [
      { queue, source },
      { queue: requestedQueue, source: requestedSource },
    ];
    return (signal) => {
      const work = [
        source.run((job, stop) => runJob(job, dependencies, stop), signal),
        requestedSource.run((job, stop) => runRequestedJob(job, dependencies, stop), signal),
        watchBacklog({ lanes, progress }, signal),
        store.watchFormat(signal),
      ];
      const ended = Promise.all(work).then(() => undefined);
      return endWithin(STOP_GRACE, signal, ended);
    };
  });
}

/** The store, and what registries have asked for, which the log tells once. */
async function openStore(resources: ResourceStack, { redis }: WorkerConfig, logger: Logger) {
  const onMigration = (message: string) => logger.info(message);
  const { url, slot } = redis;
  const store = resources.use(
    await openImageStreamRedis({ url, slot, name: 'worker', onMigration }),
  );
  const coolDowns = resources.use(await store.openCoolDowns());
  coolDowns.onBegun((begun) => logger.warn(begun, 'a registry asked to be left alone, and is'));
  return { store, coolDowns };
}

/** What tells how this worker is. A look may take until its deadline while a registry hangs, which is no stall. */
function openVitals({ health, import: { jobDeadline } }: WorkerConfig) {
  const now = () => performance.now();
  const progress = createProgressWatch({ now, stallAfter: health.stallAfter + jobDeadline });
  return { progress, lifeline: createLifeline({ now, progress }) };
}

/** Ready when Redis takes writes, both queues are connected, and what waits is being finished. */
function createReadiness(
  sources: readonly Pick<ImportJobSource, 'progress'>[],
  { progress, lifeline }: ReturnType<typeof openVitals>,
): HealthCheck {
  const isConnected = () => sources.every((source) => source.progress().ready);
  const queue = () => (isConnected() ? { ok: true } : { ok: false, reason: 'not connected' });
  return allOf({ redis: lifeline.ready, queue, progress: progress.check });
}

interface Beating {
  readonly config: WorkerConfig;
  readonly logger: Logger;
  readonly counted: WorkerFigures;
  readonly source: Pick<ImportJobSource, 'progress'>;
  readonly onBeat: () => void;
}

/** Says each second that this worker lives, and what it does. */
function startBeating(resources: ResourceStack, beating: Beating): void {
  const { config, logger, counted, source, onBeat } = beating;
  const { url, slot } = config.redis;
  const { concurrency } = config.import;
  const heartbeats = resources.use(openHeartbeats({ url, slot, name: 'worker' }));
  const figures = () => ({ ...counted.figures(), active: source.progress().active, concurrency });
  resources.use(beatEverySecond({ service: 'worker', heartbeats, figures, logger, onBeat }));
}

/** A queue and the place where its jobs run. */
interface Lane {
  readonly queue: Pick<ImportQueue, 'metrics'>;
  readonly source: Pick<ImportJobSource, 'progress'>;
}

/** Keeps the progress watch told of what waits and runs; a queue out of reach is told by its own errors. */
async function watchBacklog(
  { lanes, progress }: { readonly lanes: readonly Lane[]; readonly progress: ProgressWatch },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const backlogs = await Promise.all(lanes.map(backlogOf));
    progress.busy(backlogs.reduce((sum, backlog) => sum + backlog, 0));
    await delay(BACKLOG_INTERVAL_MS, signal);
  }
}

async function backlogOf({ queue, source }: Lane): Promise<number> {
  const waiting = await queue.metrics().then(
    (counts) => counts.waiting,
    () => 0,
  );
  return waiting + source.progress().active;
}
