import { CONFIG_LIMIT_BYTES, MANIFEST_LIMIT_BYTES } from '@tagtrail/oci';

/** Every bound the client keeps to. Times in ms, sizes in bytes. */
export interface RegistryLimits {
  /** TCP and TLS together. */
  readonly connectTimeout: number;
  /** From the request's last byte to the reply's complete headers. */
  readonly headersTimeout: number;
  /** Longest silence inside a body. */
  readonly bodyTimeout: number;
  /** One whole token request. */
  readonly tokenTimeout: number;
  /** How long an unused connection is kept. */
  readonly keepAliveTimeout: number;
  /** Connections to one host. */
  readonly socketsPerHost: number;
  /** Hosts whose connections and traits are kept; the one unused for longest goes first. */
  readonly hosts: number;
  /** Tokens kept in the process; the one unused for longest goes first. */
  readonly tokens: number;
  readonly headerBytes: number;
  readonly manifestBytes: number;
  readonly configBytes: number;
  /** Kept of the body of a reply that is not a success. */
  readonly errorBytes: number;
  readonly tokenReplyBytes: number;
  /** One page of a list of tags. */
  readonly tagListBytes: number;
  /** Pages of one list. */
  readonly tagPages: number;
  /** Tags of one repository. */
  readonly listedTags: number;
  /** Entries of one list of referrers. */
  readonly referrers: number;
  /** Pages of one list of referrers. */
  readonly referrerPages: number;
  /** A whole list of referrers. */
  readonly referrersBytes: number;
  /** Of one referrer, names and values together. */
  readonly annotationBytes: number;
  /** A streamed blob must bring {@link blobPaceBytes} in each so many ms that its connection is read. */
  readonly blobPaceWindow: number;
  readonly blobPaceBytes: number;
  /** Hops of one request. */
  readonly redirects: number;
}

export const DEFAULT_LIMITS: RegistryLimits = {
  // A registry that needs longer for a handshake is down for the purposes of a poll.
  connectTimeout: 5_000,
  // A proxy registry may ask its upstream first; longer would hold a worker for a hung host.
  headersTimeout: 15_000,
  bodyTimeout: 30_000,
  // What distribution's own client grants.
  tokenTimeout: 15_000,
  // Polls of one host come seconds apart, and a handshake costs more than the look itself.
  keepAliveTimeout: 60_000,
  // Enough to hide the latency of a round trip; registries begin to refuse bursts above it.
  socketsPerHost: 8,
  // Far more than one worker polls at a time; bounds descriptors at hosts × sockets.
  hosts: 256,
  // A token is 1–2 KiB, so at most some 20 MiB.
  tokens: 10_000,
  // Node's own bound; tokens and signed locations stay well below.
  headerBytes: 16 * 1024,
  // Distribution and containers/image refuse larger manifests (CVE-2020-1702).
  manifestBytes: MANIFEST_LIMIT_BYTES,
  configBytes: CONFIG_LIMIT_BYTES,
  // The reason stands in the first lines; the rest is an HTML page.
  errorBytes: 4 * 1024,
  // A JWT with many scopes; the same bound as go-containerregistry's.
  tokenReplyBytes: 64 * 1024,
  // A registry that ignores the page size sends all names at once: 50,000 of common length.
  tagListBytes: 4 * 1024 * 1024,
  // Some registries give 50 names a page, whatever is asked for; the limit of tags comes first elsewhere.
  tagPages: 1_000,
  // The largest public repositories have some 30,000.
  listedTags: 50_000,
  // As many as an index may have.
  referrers: 10_000,
  // Registries give 100 and more a page; the limit of entries comes first elsewhere.
  referrerPages: 100,
  // Told on as one index, of which clients read no more.
  referrersBytes: MANIFEST_LIMIT_BYTES,
  // Signatures with a certificate chain are the largest seen, some 10 KiB.
  annotationBytes: 64 * 1024,
  // Less than 1 KiB a second is no transfer, but a drip that would hold a connection for days.
  blobPaceWindow: 60_000,
  blobPaceBytes: 60 * 1024,
  // Registry → gateway → object store → CDN is the longest chain seen.
  redirects: 5,
};
