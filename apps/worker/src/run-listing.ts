import { parseImageReference, resolveReference } from '@tagtrail/image-reference';
import {
  type ListingOutcome,
  NO_POLICY,
  prioritizeTags,
  refusalOf,
  type StopSignal,
} from '@tagtrail/image-stream';
import { REPOSITORY_LISTING_VERSION, type RepositoryListingJob } from '@tagtrail/import-contract';
import type { CredentialLookup } from '@tagtrail/registry-client';
import { importFailure, registryOf } from './import-failure.ts';
import { lookWithin } from './look-within.ts';
import type { RunDependencies } from './run-import.ts';

/** A list has many pages where an image has three documents: it gets so many deadlines of a job. */
const LISTING_DEADLINES = 3;

/** Runs one listing: fence, all pages, result on the log. Throws only for broken infrastructure or a forced stop. */
export async function runListing(
  job: RepositoryListingJob,
  dependencies: Pick<
    RunDependencies,
    'registry' | 'registries' | 'namespaces' | 'results' | 'metrics' | 'deadline'
  >,
  stop: StopSignal,
): Promise<void> {
  const { results, metrics } = dependencies;
  const { kind, key, generation, reason, dueAt, from, request } = job;
  const deadline = dependencies.deadline * LISTING_DEADLINES;
  const fence = await results.startRun();
  const startedAt = Date.now();
  const look = async (signal: AbortSignal) => {
    const credentials = await dependencies.namespaces?.lookupFor(job);
    return listRepository(job, { ...dependencies, credentials }, signal);
  };
  const outcome = await lookWithin(look, { name: from, deadline, stop });
  const finishedAt = Date.now();
  const registry = registryOf(from);
  await results.append({
    kind,
    version: REPOSITORY_LISTING_VERSION,
    fence,
    key,
    generation,
    reason,
    dueAt,
    startedAt,
    finishedAt,
    registry,
    from,
    outcome,
    ...(request === undefined ? {} : { request }),
  });
  metrics.listed(registry, outcome);
}

interface ListingParts extends Pick<RunDependencies, 'registry' | 'registries'> {
  /** In place of the client's. */
  readonly credentials?: CredentialLookup | undefined;
}

/** Every tag by priority. Failures of the registry are thrown as RegistryError. */
export async function listRepository(
  { from, insecure }: Pick<RepositoryListingJob, 'from' | 'insecure'>,
  { registry: client, registries = NO_POLICY, credentials }: ListingParts,
  signal: AbortSignal,
): Promise<ListingOutcome> {
  const parsed = parseImageReference(from);
  if (!parsed.ok) {
    return importFailure('InvalidReference', `"${from.slice(0, 256)}": ${parsed.message}`);
  }
  const refusal = refusalOf(registries, { from, insecure });
  if (refusal !== undefined) return importFailure('Forbidden', refusal);
  const { registry, endpoint, repository } = resolveReference(parsed.reference);
  const place = { registry, endpoint, repository, insecure };
  const tags = await client.listTags({ ...place, ...(credentials && { credentials }) }, signal);
  return { kind: 'listed', tags: prioritizeTags(tags) };
}
