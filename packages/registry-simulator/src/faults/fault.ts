import type { RouteKind } from '../wire/route.ts';

/**
 * Which requests a rule is about. All conditions must hold; `{}` is every request. The counting
 * ones (`skip`, `first`, `every`, `probability`) look only at requests that meet all the others.
 */
export interface FaultMatch {
  /**
   * The repository of this name and those below it: `shop` matches `shop` and `shop/web`, not
   * `shopping`.
   */
  readonly repository?: string;
  /** A tag or digest. */
  readonly reference?: string;
  readonly method?: string;
  readonly route?: RouteKind | readonly RouteKind[];
  /** The Host header: one simulator can be several registries under several names. */
  readonly host?: string;
  /** Lets this many requests pass first. */
  readonly skip?: number;
  /** Only this many requests, after those skipped. */
  readonly first?: number;
  /** Only each nth request, after those skipped: 2 means the 2nd, 4th, 6th … */
  readonly every?: number;
  /** 0 to 1, drawn from a generator of the rule's own. */
  readonly probability?: number;
  /** Of that generator, also for `garbageBody`; 1 unless told. */
  readonly seed?: number;
}

/**
 * What goes wrong. Everything named is applied, in the order listed here, on top of what earlier
 * rules did: first what is said (status, body, headers), then how it is delivered.
 */
export interface Fault {
  /** Status of HEAD requests only, as of registries that know GET alone. */
  readonly headStatus?: number;
  /** From 400 on an error document takes the body's place; below, body and headers stay. */
  readonly status?: number;
  /** Retry-After, sent as given: seconds, a date, or the nonsense some registries send. */
  readonly retryAfter?: string | number;
  readonly body?: string;
  /** Random bytes of the honest length. */
  readonly garbageBody?: true;
  /** Headers to set, or with null to remove. Content-Length always follows the body. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Leaves Docker-Content-Digest out, and the ETag which tells the same. */
  readonly noDigestHeader?: true;
  /**
   * A Docker-Content-Digest of something else: this one, or with `true` one made from the right
   * one.
   */
  readonly wrongDigestHeader?: true | string;
  /** ms before the first byte; adds up over rules. */
  readonly latency?: number;
  /** Bytes of body per second. */
  readonly slowBody?: number;
  /** Sends this many bytes (`true`: half) of the promised body, then closes the connection. */
  readonly truncateBody?: true | number;
  /** Keeps the connection and says nothing; with `truncateBody`, nothing more. */
  readonly hang?: true;
  /** Resets the connection (RST) before the first byte; with `truncateBody`, after those. */
  readonly reset?: true;
}
