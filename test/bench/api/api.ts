import type { ImageStreamImport } from '@tagtrail/api-client';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { Pool } from 'undici';
import { type Installation, openInstallation } from '../../e2e/installation.ts';
import type { BenchReport } from '../bench-report.ts';
import { describeMachine } from '../machine.ts';
import { type ImportPair, reportApi } from './api-report.ts';

const DEFAULT_IMPORTS = 400;
/** Imports before the first that counts: compiled code and open connections. */
const WARM_UP = 40;
/** Imports on their way at once in the second run. */
const AT_ONCE = 16;

interface ApiSite {
  readonly tagtrail: Installation;
  readonly simulator: RegistrySimulator;
  /** Connections to the registry that stay open, as a worker's do. */
  readonly pool: Pool;
}

/** What an import asks of the registry. */
interface Asked {
  readonly method: 'GET' | 'HEAD';
  readonly path: string;
  readonly accept: string;
}

/**
 * How long a requested import takes, from the POST to the answer with the recorded stream, over the requests that it
 * makes to the registry. `--tags` is the number of imports.
 */
export async function apiBench({
  tags = DEFAULT_IMPORTS,
}: {
  readonly tags?: number;
}): Promise<BenchReport> {
  await using simulator = await openRegistrySimulator();
  await using tagtrail = await openInstallation({ api: 1, worker: 1, 'status-writer': 1 });
  const pool = new Pool(simulator.url, { connections: AT_ONCE });
  try {
    const site = { tagtrail, simulator, pool };
    for (let at = 0; at < WARM_UP; at += 1) await importAndAsk(site, `warm-${at}`);
    await many(WARM_UP, (at) => importAndAsk(site, `warm-together-${at}`));
    const alone: ImportPair[] = [];
    for (let at = 0; at < tags; at += 1) alone.push(await importAndAsk(site, `alone-${at}`));
    const together = await many(tags, (at) => importAndAsk(site, `together-${at}`));
    const command = `pnpm bench api${tags === DEFAULT_IMPORTS ? '' : ` --tags ${tags}`}`;
    return reportApi(
      { alone, together, atOnce: AT_ONCE },
      describeMachine(tagtrail.redis.server, command),
    );
  } finally {
    await pool.close();
  }
}

/** Imports a tag that nobody has seen, then makes the same requests without Tagtrail: in turn, so that a drifting machine hits both. */
async function importAndAsk(
  { tagtrail, simulator, pool }: ApiSite,
  name: string,
): Promise<ImportPair> {
  const repository = `bench/${name}`;
  simulator.push(repository, 'latest');
  const start = performance.now();
  const answer = await tagtrail.client.imageStreamImports.create(
    wish(name, `${simulator.host}/${repository}:latest`),
  );
  const imported = performance.now() - start;
  const status = answer.status.images?.[0]?.status.status;
  if (status !== 'Success') throw new Error(`the import of ${name} ended with ${status}`);
  const asked = requestsOf(simulator, repository);
  const began = performance.now();
  for (const { method, path, accept } of asked) {
    const response = await pool.request({ method, path, headers: { accept } });
    await response.body.arrayBuffer();
    if (response.statusCode !== 200) throw new Error(`${method} ${path}: ${response.statusCode}`);
  }
  return { imported, bare: performance.now() - began, requests: asked.length };
}

function requestsOf(simulator: RegistrySimulator, repository: string): readonly Asked[] {
  return simulator.requests
    .filter((request) => request.repository === repository)
    .map(({ method, path, accept }) => ({
      method: method === 'HEAD' ? 'HEAD' : 'GET',
      path,
      accept,
    }));
}

function wish(name: string, from: string): ImageStreamImport {
  return {
    kind: 'ImageStreamImport',
    apiVersion: 'image.openshift.io/v1',
    metadata: { namespace: 'bench', name },
    spec: {
      import: true,
      images: [
        {
          from: { kind: 'DockerImage', name: from },
          to: { name: 'latest' },
          importPolicy: { insecure: true },
          referencePolicy: { type: 'Source' },
        },
      ],
    },
    status: {},
  };
}

/** Runs `work` for every number below `count`, so many at a time. */
async function many<T>(count: number, work: (index: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      results.push(await work(index));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}
