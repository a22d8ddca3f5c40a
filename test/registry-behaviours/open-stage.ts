import type { ImageDocument, ImportOutcome, ListingOutcome } from '@tagtrail/image-stream';
import type { ImportJob } from '@tagtrail/import-contract';
import {
  type Credential,
  openRegistryClient,
  type RegistryClient,
  type RegistryClientOptions,
} from '@tagtrail/registry-client';
import {
  type AuthTerms,
  NAMED_FAULTS,
  openRegistrySimulator,
  type RegistrySimulator,
  type RequestRecord,
} from '@tagtrail/registry-simulator';
import { imageName } from '../../apps/worker/src/import-failure.ts';
import { importTag } from '../../apps/worker/src/import-tag.ts';
import { lookWithin } from '../../apps/worker/src/look-within.ts';
import { listRepository } from '../../apps/worker/src/run-listing.ts';
import { importJob } from '../../apps/worker/src/testing/import-jobs.ts';
import { EVERY_ADDRESS } from '../../packages/registry-client/src/testing/every-address.ts';

/** ms; a look that needs so long has hung, and its test fails. */
const DEADLINE = 15_000;

const stop = new AbortController().signal;

export interface StageOptions extends Partial<RegistryClientOptions> {
  /** Of the account that the registry asks for; for faults that are about authentication. */
  readonly auth?: AuthTerms;
  /** What the client has for the registry; shown in plain HTTP, which is all that the simulator speaks. */
  readonly account?: Credential;
  /** ms for a whole look. */
  readonly deadline?: number;
}

/** One registry with its faults, and the worker's own looks at it. */
export interface Stage extends AsyncDisposable {
  readonly simulator: RegistrySimulator;
  readonly client: RegistryClient;
  /** Documents in the order in which they were saved. */
  readonly saved: ImageDocument[];
  /** Looks at `repository:tag`, over plain HTTP as the simulator speaks it. */
  look(path: string, fields?: Partial<ImportJob>): Promise<ImportOutcome>;
  list(repository: string): Promise<ListingOutcome>;
  /** What was asked since the last call: `HEAD tag`, `GET digest`, `GET blob`, `GET tags`, `GET token`. */
  asked(): readonly string[];
  /** Requests that brought a credential to another host than the registry. */
  leaks(): readonly RequestRecord[];
}

/** Opens a registry that behaves as the named faults say. */
export async function openStage(
  faults: readonly string[],
  { auth, account, deadline = DEADLINE, ...options }: StageOptions = {},
): Promise<Stage> {
  const simulator = await openRegistrySimulator(options.now && { now: options.now });
  for (const name of faults) simulator.faults.setNamed(name);
  const kind = NAMED_FAULTS.find((fault) => faults.includes(fault.name) && fault.auth)?.auth;
  if (kind !== undefined) simulator.requireAuth(kind, auth);
  const client = openRegistryClient({
    userAgent: 'tagtrail-test',
    credentials: () => (account === undefined ? [] : [account]),
    allowPlaintextCredentials: [simulator.host],
    addresses: EVERY_ADDRESS,
    ...options,
  });
  const saved: ImageDocument[] = [];
  const images = {
    save: async (documents: readonly ImageDocument[]) => void saved.push(...documents),
  };
  let seen = 0;
  return {
    simulator,
    client,
    saved,
    look: (path, fields) => {
      const job = importJob(`${simulator.host}/${path}`, fields);
      return lookWithin((signal) => importTag(job, { registry: client, images }, signal), {
        name: imageName(job.from),
        deadline,
        stop,
      });
    },
    list: (repository) => {
      const source = { from: `${simulator.host}/${repository}`, insecure: true };
      return lookWithin((signal) => listRepository(source, { registry: client }, signal), {
        name: source.from,
        deadline,
        stop,
      });
    },
    asked: () => {
      const fresh = simulator.requests.slice(seen);
      seen += fresh.length;
      return fresh.map(lineOf);
    },
    leaks: () =>
      simulator.requests.filter(
        ({ host, authorization }) => host !== simulator.host && authorization !== 'none',
      ),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
    },
  };
}

function lineOf({ method, route, reference = '' }: RequestRecord): string {
  if (route !== 'manifest') return `${method} ${route}`;
  return `${method} ${reference.includes(':') ? 'digest' : 'tag'}`;
}

/** What a look at a new tag of a flawless registry asks. */
export const NEW_IMAGE = ['HEAD tag', 'GET digest', 'GET blob'];
