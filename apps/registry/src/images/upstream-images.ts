import type { Digest } from '@tagtrail/image-reference';
import { type ImageStream, type RegistryPolicy, refusalOf } from '@tagtrail/image-stream';
import {
  type CredentialLookup,
  type FetchedManifest,
  type FetchedReferrers,
  type RegistryClient,
  RegistryError,
  type RepositoryTarget,
} from '@tagtrail/registry-client';
import type { FetchBlob, WantedBlob } from '../blobs/download.ts';
import { LruMap } from './lru-map.ts';
import { nameOf, type PullCandidate, pullCandidates } from './pull-candidates.ts';
import { NoUpstreamError } from './upstream-faults.ts';

/** ms for a manifest or a list of referrers from one place; a client gives up after about as long. */
const PATIENCE = 20_000;
/** ms for which a place that delivered something else comes last for that blob. */
const DOUBT = 600_000;
/** Doubts kept. */
const MAX_DOUBTS = 10_000;
/** Times that a broken transfer is taken up again where it ended. */
const MAX_RESUMES = 5;

export interface UpstreamImagesParts {
  readonly registry: RegistryClient;
  readonly namespaces: {
    lookupFor(of: {
      readonly key: { readonly namespace: string };
    }): Promise<CredentialLookup | undefined>;
  };
  readonly policy: RegistryPolicy;
  readonly ownHosts: ReadonlySet<string>;
  /** Ends everything when the process stops. */
  readonly signal: AbortSignal;
}

/** Of which stream, and which of its images hold what is wanted. */
export interface Origin {
  readonly stream: ImageStream;
  readonly holders: ReadonlySet<string>;
}

type Ask = (blob: Parameters<FetchBlob>[0], sink: Parameters<FetchBlob>[1]) => Promise<void>;

/** A blob on its way, over as many connections as it takes. */
class Transfer {
  readonly errors: RegistryError[] = [];
  readonly #blob: WantedBlob;
  readonly #sink: Parameters<FetchBlob>[1];
  offset = 0;
  isOver = false;
  /** Who gave all of it. */
  deliverer: string | undefined;

  constructor(blob: WantedBlob, sink: Parameters<FetchBlob>[1]) {
    this.#blob = blob;
    this.#sink = sink;
  }

  get digest(): Digest {
    return this.#blob.digest;
  }

  /** Keeps what a registry did wrong; throws everything else. */
  async attempt(place: string, ask: Ask): Promise<void> {
    const isFirst = this.offset === 0;
    const write = (chunk: Buffer) => {
      this.offset += chunk.length;
      return this.#sink.write(chunk);
    };
    try {
      await ask({ ...this.#blob, offset: this.offset }, { write });
      this.isOver = true;
      // What came from several is nobody's proof.
      if (isFirst) this.deliverer = place;
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      this.errors.push(error);
    }
  }
}

/** What streams' images came from, asked with the credentials of the stream's namespace, one place after the other. */
export class UpstreamImages {
  readonly #parts: UpstreamImagesParts;
  /** `digest registry/repository` → when it delivered something else, ms. */
  readonly #doubts = new LruMap<string, number>(MAX_DOUBTS);

  constructor(parts: UpstreamImagesParts) {
    this.#parts = parts;
  }

  /** A place delivered something else under the digest: the others are asked before it for a while. */
  doubt(digest: Digest, repository: string): void {
    this.#doubts.set(`${digest} ${repository}`, performance.now());
  }

  /** Verified. Throws NoUpstreamError. */
  fetchManifest(
    origin: Origin,
    digest: Digest,
  ): Promise<FetchedManifest & { readonly deliverer: string }> {
    return this.#first(origin, `manifest ${digest}`, async (target) => ({
      ...(await this.#parts.registry.fetchManifest(target, digest, this.#within(PATIENCE))),
      deliverer: nameOf(target),
    }));
  }

  /** What the first place says that says anything. Throws NoUpstreamError. */
  fetchReferrers(origin: Origin, digest: Digest): Promise<FetchedReferrers> {
    return this.#first(origin, `referrers of ${digest}`, (target) =>
      this.#parts.registry.fetchReferrers(target, digest, this.#within(PATIENCE)),
    );
  }

  /** How to get a blob of the stream. What breaks in the middle goes on where it ended, at the same place or the next. */
  blobFetcher(origin: Origin): FetchBlob {
    return async (blob, sink, signal) => {
      const transfer = new Transfer(blob, sink);
      for (let resumes = 0; !transfer.isOver; resumes += 1) {
        const before = transfer.offset;
        await this.#pass(origin, transfer, signal);
        // Who gave nothing more will not do so right now.
        const isStuck = transfer.offset === before || resumes === MAX_RESUMES;
        if (isStuck && !transfer.isOver)
          throw new NoUpstreamError(`blob ${blob.digest}`, transfer.errors);
      }
      return transfer.deliverer;
    };
  }

  /** Asks each place for what is still missing, until one has given it. */
  async #pass(origin: Origin, transfer: Transfer, signal: AbortSignal): Promise<void> {
    for (const target of this.#doubtedLast(await this.#targets(origin), transfer.digest)) {
      await transfer.attempt(nameOf(target), (blob, sink) =>
        this.#parts.registry.streamBlob(target, blob, sink, signal),
      );
      if (transfer.isOver) return;
    }
  }

  async #first<T>(
    origin: Origin,
    what: string,
    ask: (target: RepositoryTarget) => Promise<T>,
  ): Promise<T> {
    const errors: RegistryError[] = [];
    for (const target of await this.#targets(origin)) {
      try {
        return await ask(target);
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        errors.push(error);
      }
    }
    throw new NoUpstreamError(what, errors);
  }

  async #targets({ stream, holders }: Origin): Promise<readonly RepositoryTarget[]> {
    const { policy, ownHosts, namespaces } = this.#parts;
    const candidates = pullCandidates(stream, { ownHosts, holders }).filter((one) =>
      isAllowed(policy, one),
    );
    const namespace = stream.metadata.namespace ?? '';
    const credentials = await namespaces.lookupFor({ key: { namespace } });
    return candidates.map((one) => ({ ...one, ...(credentials && { credentials }) }));
  }

  #doubtedLast(targets: readonly RepositoryTarget[], digest: Digest): readonly RepositoryTarget[] {
    const since = performance.now() - DOUBT;
    const isDoubted = (target: RepositoryTarget) =>
      (this.#doubts.get(`${digest} ${nameOf(target)}`) ?? Number.NEGATIVE_INFINITY) > since;
    return targets.toSorted((a, b) => Number(isDoubted(a)) - Number(isDoubted(b)));
  }

  #within(ms: number): AbortSignal {
    return AbortSignal.any([this.#parts.signal, AbortSignal.timeout(ms)]);
  }
}

/** What an operator has blocked since is not asked for either. */
function isAllowed(policy: RegistryPolicy, candidate: PullCandidate): boolean {
  const { insecure } = candidate;
  return refusalOf(policy, { from: nameOf(candidate), insecure }) === undefined;
}
