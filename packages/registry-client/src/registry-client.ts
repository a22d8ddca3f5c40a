import type { Digest } from '@tagtrail/image-reference';
import type { LessonStore, TokenStore } from '@tagtrail/registry-ledger';
import { Authorizer } from './authorization/authorizer.ts';
import { type CredentialLookup, NO_CREDENTIALS } from './authorization/credential.ts';
import { CredentialTurns } from './authorization/credential-turns.ts';
import { requestBlob } from './blob-request.ts';
import type { BlobRange, BlobSink } from './blob-transfer.ts';
import { CoolDownRule, type CoolDowns } from './cool-down.ts';
import { type FetchedReferrers, fetchReferrers } from './fetch-referrers.ts';
import { HostTraitsTable } from './host-traits-table.ts';
import { DEFAULT_LIMITS, type RegistryLimits } from './limits.ts';
import { firstTagPage, listTags, type TagPage } from './list-tags.ts';
import { type FetchedManifest, type ManifestHead, ManifestRequests } from './manifest-requests.ts';
import type { RegistryObserver } from './observation/registry-event.ts';
import { type PingTarget, ping } from './ping-request.ts';
import type { RegistryError } from './registry-error.ts';
import { RegistryExchange } from './registry-exchange.ts';
import type { RepositoryTarget } from './repository-target.ts';
import { streamBlob } from './stream-blob.ts';
import { type AddressPolicy, PUBLIC_ONLY } from './transport/address-policy.ts';
import { ModeLadder } from './transport/mode-ladder.ts';
import type { ProxySource } from './transport/proxy-tunnel.ts';
import type { TlsSource } from './transport/tls-material.ts';
import { type GarbledHead, Transport } from './transport/transport.ts';

/**
 * Reads from registries (OCI distribution-spec, "Pull"). Every call rejects with a {@link RegistryError}, or with the
 * signal's reason if that aborts for anything but a passed deadline (`TimeoutError` becomes code `Timeout`). Nothing
 * waits and tries again in here; that is the scheduler's part.
 */
export interface RegistryClient extends AsyncDisposable {
  /** What `reference`, a tag or a digest, points to: one HEAD, or one GET on hosts whose HEAD is of no use. */
  headManifest(
    target: RepositoryTarget,
    reference: string,
    signal: AbortSignal,
  ): Promise<ManifestHead>;
  /** At most 4 MiB; verified when asked by digest. */
  fetchManifest(
    target: RepositoryTarget,
    reference: string,
    signal: AbortSignal,
  ): Promise<FetchedManifest>;
  /** A small blob such as an image config: verified, at most 4 MiB. */
  fetchBlob(
    target: RepositoryTarget,
    descriptor: { readonly digest: Digest; readonly size: number },
    signal: AbortSignal,
  ): Promise<string>;
  /** The names of all tags, each once, in the registry's order: all pages, or an error. */
  listTags(target: RepositoryTarget, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * The bytes of a blob of any size, from its offset to its end, in order, to a sink that sets the pace. Resolves when the
   * sink has taken exactly `size - offset` bytes; whether they hash to the digest is for the caller to check, who alone
   * has those before the offset. Nothing is sent again once a byte was passed on: the error then has `resumeAt`, the
   * offset to go on from. There is no limit of time but the signal's, only limits of silence and of slowness. Places that
   * a descriptor names by `urls` are never asked. An error of the sink comes back as it is.
   */
  streamBlob(
    target: RepositoryTarget,
    blob: BlobRange,
    sink: BlobSink,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * The manifests that say they belong to one, such as signatures: all pages, or an error. From the tag that stands for
   * the list where a registry does not know the question; none where there is neither. Nothing proves that a list is
   * whole, and the manifests in it are not looked at.
   */
  fetchReferrers(
    target: RepositoryTarget,
    digest: Digest,
    signal: AbortSignal,
  ): Promise<FetchedReferrers>;
}

/** The client with questions that no look needs: they tell how a registry is. */
export interface RegistryProbe extends RegistryClient {
  /** The beginning of the list of tags, in one request. */
  firstTagPage(target: RepositoryTarget, signal: AbortSignal): Promise<TagPage>;
  /** Whether the registry is one, and lets this client in. */
  ping(target: PingTarget, signal: AbortSignal): Promise<void>;
}

export interface RegistryClientOptions {
  readonly credentials?: CredentialLookup;
  /** Whether a registry that refuses all credentials is asked without any. Default: no. */
  readonly anonymousFallback?: boolean;
  /** Product and version; some registries refuse unnamed clients. */
  readonly userAgent: string;
  readonly limits?: Partial<RegistryLimits>;
  /** Canonical registries, or `host:port` of them, whose credentials may travel over plain HTTP. Default: none. */
  readonly allowPlaintextCredentials?: readonly string[];
  /** ms since the epoch; ages tokens and everything learned about hosts. */
  readonly now?: () => number;
  /** Tokens that this process uses together with others. Default: its own only. */
  readonly tokens?: TokenStore;
  /** Registries that asked to be left alone, whoever heard it. Default: what they ask for is only told in errors. */
  readonly coolDowns?: CoolDowns;
  /** Which addresses may be dialled. Default: public ones, whoever names them. */
  readonly addresses?: AddressPolicy;
  /** Certificates for hosts. Default: authorities that Node trusts, and nothing to show. */
  readonly tls?: TlsSource;
  /** Forward proxies. Default: none. */
  readonly proxy?: ProxySource;
  /** Whether `host` or `host:port` is spoken to over HTTP/2 where it can. Default: HTTP/1.1 only. */
  readonly http2?: (authority: string) => boolean;
  /** What hosts have taught other processes, and teach this one. Default: everything is learned here. */
  readonly lessons?: LessonStore;
  /** Is told of everything that goes over the wire. Default: nobody. */
  readonly observe?: RegistryObserver;
}

/** Opens no connection yet. Dispose of the client to close its connections. */
export function openRegistryClient(options: RegistryClientOptions): RegistryProbe {
  const { userAgent, now = Date.now, observe } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const closing = new AbortController();
  const traits = new HostTraitsTable({ limit: limits.hosts, now, store: options.lessons });
  const { addresses = PUBLIC_ONLY, tls, proxy, http2 } = options;
  const onGarbledHead = ({ authority, mode }: GarbledHead) =>
    traits.of({ endpoint: authority }, mode).closeAfterHead();
  const dialling = { addresses, tls, proxy, http2 };
  const transport = new Transport({ ...dialling, limits, observe, onGarbledHead });
  const coolDowns = new CoolDownRule(options.coolDowns, now);
  const authorizer = new Authorizer({
    transport,
    userAgent,
    limits,
    now,
    coolDowns,
    plaintextRegistries: options.allowPlaintextCredentials ?? [],
    tokenStore: options.tokens,
    lifetime: closing.signal,
    observe,
  });
  const turns = new CredentialTurns({
    source: options.credentials ?? (() => NO_CREDENTIALS),
    anonymous: options.anonymousFallback ?? false,
    limit: limits.tokens,
    now,
  });
  const ladder = new ModeLadder(limits.hosts, now);
  const exchange = new RegistryExchange({
    transport,
    authorizer,
    turns,
    ladder,
    traits,
    userAgent,
    limits,
    now,
    coolDowns,
  });
  return {
    ...questionsTo(exchange, limits),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await authorizer.settled();
      await transport[Symbol.asyncDispose]();
    },
  };
}

function questionsTo(
  exchange: RegistryExchange,
  limits: RegistryLimits,
): Omit<RegistryProbe, keyof AsyncDisposable> {
  const manifests = new ManifestRequests(exchange, limits.manifestBytes);
  return {
    headManifest: (target, reference, signal) => manifests.head(target, reference, signal),
    fetchManifest: (target, reference, signal) => manifests.fetch(target, reference, signal),
    fetchBlob: (target, descriptor, signal) =>
      requestBlob(exchange, { target, descriptor, limit: limits.configBytes }, signal),
    listTags: (target, signal) => listTags(exchange, { target, limits }, signal),
    streamBlob: (target, blob, sink, signal) =>
      streamBlob(exchange, { target, blob, sink, limits }, signal),
    fetchReferrers: (target, digest, signal) =>
      fetchReferrers(exchange, { target, digest, limits }, signal),
    firstTagPage: (target, signal) => firstTagPage(exchange, { target, limits }, signal),
    ping: (target, signal) => ping(exchange, target, signal),
  };
}
