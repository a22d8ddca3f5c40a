import type { ImageDocument, ImportOutcome, ListingOutcome } from '@tagtrail/image-stream';
import type { ImportJob } from '@tagtrail/import-contract';
import {
  type CredentialSource,
  openRegistryClient,
  type RegistryClient,
  type RepositoryTarget,
} from '@tagtrail/registry-client';
import { EVERY_ADDRESS } from '../../../../packages/registry-client/src/testing/every-address.ts';
import {
  openRegistrySimulator,
  type RegistrySimulator,
} from '../../../../packages/registry-simulator/src/index.ts';
import { imageName } from '../import-failure.ts';
import { importTag } from '../import-tag.ts';
import { lookWithin } from '../look-within.ts';
import { listRepository } from '../run-listing.ts';
import { importJob } from './import-jobs.ts';

/** ms; so long that a test which waits for it fails. */
const DEADLINE = 60_000;
const stop = new AbortController().signal;

export interface LooksForTest extends AsyncDisposable {
  readonly simulator: RegistrySimulator;
  /** Documents in the order in which they were saved. */
  readonly saved: ImageDocument[];
  look(from: string, fields?: Partial<ImportJob>): Promise<ImportOutcome>;
  list(from: string): Promise<ListingOutcome>;
  /** References of the manifests that were asked for by GET, in order. */
  manifestGets(): readonly string[];
}

/** Looks without a queue. Whatever the registry is called in a reference, docker.io too, the simulator answers. */
export async function openLooksForTest(
  options: { readonly credentials?: CredentialSource } = {},
): Promise<LooksForTest> {
  const simulator = await openRegistrySimulator();
  const client = openRegistryClient({
    userAgent: 'tagtrail-test',
    addresses: EVERY_ADDRESS,
    ...options,
  });
  const registry = answeredBy(client, simulator.host);
  const saved: ImageDocument[] = [];
  const images = {
    save: async (documents: readonly ImageDocument[]) => void saved.push(...documents),
  };
  return {
    simulator,
    saved,
    look: (from, fields = {}) =>
      lookWithin((signal) => importTag(importJob(from, fields), { registry, images }, signal), {
        name: imageName(from),
        deadline: DEADLINE,
        stop,
      }),
    list: (from) =>
      lookWithin((signal) => listRepository({ from, insecure: true }, { registry }, signal), {
        name: from,
        deadline: DEADLINE,
        stop,
      }),
    manifestGets: () =>
      simulator.requests
        .filter(({ method, route }) => method === 'GET' && route === 'manifest')
        .map(({ reference = '' }) => reference),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
    },
  };
}

/** The client as it is, with one host for all names, as a resolver of names could do it. */
function answeredBy(client: RegistryClient, endpoint: string): RegistryClient {
  const at = (target: RepositoryTarget) => ({ ...target, endpoint });
  return {
    headManifest: (target, reference, signal) => client.headManifest(at(target), reference, signal),
    fetchManifest: (target, reference, signal) =>
      client.fetchManifest(at(target), reference, signal),
    fetchBlob: (target, descriptor, signal) => client.fetchBlob(at(target), descriptor, signal),
    listTags: (target, signal) => client.listTags(at(target), signal),
    streamBlob: (target, blob, sink, signal) => client.streamBlob(at(target), blob, sink, signal),
    fetchReferrers: (target, digest, signal) => client.fetchReferrers(at(target), digest, signal),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
