import {
  encodeImportJob,
  encodeLoggedResult,
  IMPORT_JOB_VERSION,
  IMPORT_RESULT_VERSION,
  type ImportJob,
  type LoggedResult,
} from '@tagtrail/import-contract';
import type { FloorOrder } from './floors.ts';
import { type PipelineSite, pipelineTag, TAGS_PER_STREAM } from './pipeline-site.ts';

/** As our client asks: the four types of manifests in one constant set. */
const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
/** Jobs added by one call, as by a producer that has much to do. */
const CHUNK = 500;
/** Defaults of `import.concurrency` and `results.batchSize`. */
const CONCURRENCY = 64;
const BATCH = 200;
/** The options of packages/import-queue-bullmq/src/queue-settings.ts. */
const JOB_OPTIONS = {
  attempts: 1,
  removeOnComplete: true,
  removeOnFail: { count: 1_000, age: 86_400 },
};
const EVENTS_KEPT = 1_000;

/** What the floors do: our payloads, our options, our registries, and nothing of our code. */
export function floorOrder(site: PipelineSite, checks: number): FloorOrder {
  const job = sampleJob(site);
  const result: LoggedResult = {
    version: IMPORT_RESULT_VERSION,
    fence: 1_234_567,
    ...{ key: job.key, generation: 1, requestCount: 0, reason: 'interval', dueAt: job.dueAt },
    ...{ startedAt: job.createdAt, finishedAt: job.createdAt + 5, from: job.from },
    registry: job.from.slice(0, job.from.indexOf('/')),
    outcome: { kind: 'unchanged', ...(job.known ?? { upstreamDigest: '', image: '' }) },
  };
  const paths = site.simulators.map((_, registry) => {
    const { repository, tag } = pipelineTag(site, registry * TAGS_PER_STREAM);
    return `/v2/${repository}/manifests/${tag}`;
  });
  return {
    redis: site.socket,
    registries: site.simulators.map(({ url }) => url),
    paths,
    accept: ACCEPT,
    job: encodeImportJob(job),
    result: ['id', String(result.fence), 'v', '1', 'payload', encodeLoggedResult(result)],
    checks,
    bull: {
      prefix: '{floor-queue}',
      options: JOB_OPTIONS,
      concurrency: CONCURRENCY,
      chunk: CHUNK,
      eventsKept: EVENTS_KEPT,
    },
    batch: BATCH,
  };
}

function sampleJob(site: PipelineSite): ImportJob {
  const { simulator, repository, tag, stream } = pipelineTag(site, 0);
  const digest = `sha256:${'5e'.repeat(32)}`;
  const now = Date.now();
  return {
    version: IMPORT_JOB_VERSION,
    key: { namespace: 'demo', name: stream, uid: crypto.randomUUID(), tag },
    generation: 1,
    requestCount: 0,
    reason: 'interval',
    ...{ dueAt: now, createdAt: now },
    from: `${simulator.host}/${repository}:${tag}`,
    insecure: true,
    importMode: 'Legacy',
    known: { upstreamDigest: digest, image: digest },
  };
}
