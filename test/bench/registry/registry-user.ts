/** Where a registry is, and what it has. */
export interface RegistryPlace {
  /** `127.0.0.1:41234`. */
  readonly host: string;
  /** Of the server, for whoever is to trust it; without it the registry speaks plain HTTP. */
  readonly certificate?: string;
  /** Its repositories, asked for in turn; each has the tag `latest`. */
  readonly repositories: readonly string[];
  /** What every `latest` points to, and its config. */
  readonly manifestDigest: string;
  readonly configDigest: string;
}

/** Somebody who asks a registry. Both calls reject unless the registry had what it should have. */
export interface RegistryUser {
  /** One look at a tag that did not move. */
  check(repository: string): Promise<void>;
  /** The first look at a tag: HEAD, manifest by digest, config, all of them verified. */
  import(repository: string): Promise<void>;
}

export const TAG = 'latest';
/** Looks on their way at once, and the connections that they share: a worker's `import.concurrency` and the client's limit. */
export const AT_ONCE = 64;
export const CONNECTIONS = 8;
/** ms that a connection rests while the other side has its turn. */
export const KEEP_ALIVE = 300_000;
export const USER_AGENT = 'tagtrail/bench';
