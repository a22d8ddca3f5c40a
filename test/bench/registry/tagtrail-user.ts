import { IMPORT_JOB_VERSION, type ImportJob } from '@tagtrail/import-contract';
import { openRegistryClient, type RegistryClient } from '@tagtrail/registry-client';
import { importTag } from '../../../apps/worker/src/import-tag.ts';
import {
  CONNECTIONS,
  KEEP_ALIVE,
  type RegistryPlace,
  type RegistryUser,
  TAG,
  USER_AGENT,
} from './registry-user.ts';

/** The registry of the bench runs on this machine. */
const HERE = { named: 'any', isAllowed: () => false } as const;
/** Documents go nowhere: what the store costs is another bench's matter. */
const NOWHERE = { save: () => Promise.resolve() };

/** Our registry client, and the worker's import on top of it. */
export function createTagtrailUser(place: RegistryPlace): RegistryUser {
  const limits = { socketsPerHost: CONNECTIONS, keepAliveTimeout: KEEP_ALIVE };
  const registry = openRegistryClient({ userAgent: USER_AGENT, limits, addresses: HERE });
  return {
    check: (repository) => check(registry, place, repository),
    import: (repository) => importOnce(registry, place, repository),
  };
}

async function check(
  registry: RegistryClient,
  { host, certificate, manifestDigest }: RegistryPlace,
  repository: string,
): Promise<void> {
  const insecure = certificate === undefined;
  const target = { registry: host, endpoint: host, repository, insecure };
  // Every look has a signal of its own, as in the worker.
  const { signal } = new AbortController();
  const { digest } = await registry.headManifest(target, TAG, signal);
  if (digest !== manifestDigest) throw new Error(`HEAD ${repository}: ${digest}`);
}

async function importOnce(
  registry: RegistryClient,
  place: RegistryPlace,
  repository: string,
): Promise<void> {
  const { signal } = new AbortController();
  const outcome = await importTag(jobOf(place, repository), { registry, images: NOWHERE }, signal);
  if (outcome.kind !== 'imported' || outcome.image !== place.manifestDigest) {
    throw new Error(`the import of ${repository} ended as ${JSON.stringify(outcome)}`);
  }
}

function jobOf({ host, certificate }: RegistryPlace, repository: string): ImportJob {
  return {
    version: IMPORT_JOB_VERSION,
    key: { namespace: 'bench', name: 'app', uid: 'a0e5', tag: TAG },
    generation: 1,
    requestCount: 0,
    reason: 'never-imported',
    dueAt: 0,
    createdAt: 0,
    from: `${host}/${repository}:${TAG}`,
    insecure: certificate === undefined,
    importMode: 'Legacy',
  };
}
