import type { CertificateTrouble } from '../tls/build-certificate.ts';
import type { AuthorizationScheme } from '../wire/request-record.ts';
import type { RouteKind } from '../wire/route.ts';
import type { DocumentForm } from './document-form.ts';
import type { ChallengeForm } from './spoil-challenge.ts';
import type { TagListForm } from './spoil-tag-list.ts';

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
  /** Whether the reference is a tag or a digest. */
  readonly referenceKind?: 'tag' | 'digest';
  readonly method?: string;
  readonly route?: RouteKind | readonly RouteKind[];
  /** The Host header: one simulator can be several registries under several names. */
  readonly host?: string;
  /** What kind of credential came along. */
  readonly authorization?: AuthorizationScheme;
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
  /** The manifest of a tag in another form, at the digest which that form has. */
  readonly document?: DocumentForm;
  /** What a tag pointed to before its last push, as a replica that lags behind says. */
  readonly previous?: true;
  /** An index answered by its first entry; `keepDigest` leaves the index's digest in the header. */
  readonly firstEntry?: true | 'keepDigest';
  /** Gives manifests out as blobs, too. */
  readonly manifestsAsBlobs?: true;
  /** Other pages of tags than the registry has. */
  readonly tagList?: TagListForm;
  /** A refusal to whoever does not accept the media type (`served`: the one about to be sent). */
  readonly wantsAccept?: { readonly type: string; readonly status: number };
  /** A 401 with the registry's own challenge, whatever came along. */
  readonly unauthorized?: true;
  /** Statuses to answer in place of others: `{"404": 401}`. 401 comes with the challenge. */
  readonly statusFor?: Readonly<Record<string, number>>;
  /** Another WWW-Authenticate on a 401. */
  readonly challenge?: ChallengeForm;
  /**
   * Sends the client there: a URL in which `{host}`, `{port}`, `{path}` and `{query}` stand for
   * those of the request. Who has arrived is answered.
   */
  readonly redirect?: string;
  /**
   * Under this host name content is served as from an object store with signed URLs: nobody is asked
   * who he is, and an Authorization is refused with 400.
   */
  readonly objectStore?: string;
  /** Status of HEAD requests only, as of registries that know GET alone. */
  readonly headStatus?: number;
  /** From 400 on an error document takes the body's place; below, body and headers stay. */
  readonly status?: number;
  /** Retry-After, sent as given: seconds, a date, or the nonsense some registries send. */
  readonly retryAfter?: string | number;
  readonly body?: string;
  /** Random bytes of the honest length. */
  readonly garbageBody?: true;
  /** The same JSON, written in another way. */
  readonly reserialise?: true;
  /** Fields of a JSON body to set, also to null. */
  readonly setFields?: Readonly<Record<string, unknown>>;
  /** Fields of a JSON body to leave out. */
  readonly dropFields?: readonly string[];
  /** The body compressed, and Content-Encoding saying so, whether it was asked for or not. */
  readonly gzip?: true;
  /** Headers to set, or with null to remove. Content-Length always follows the body. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Put behind the Content-Type. */
  readonly contentTypeSuffix?: string;
  /**
   * Leaves Docker-Content-Digest out, and the ETag which tells the same; with a list, of these media
   * types only.
   */
  readonly noDigestHeader?: true | readonly string[];
  /**
   * A Docker-Content-Digest of something else: this one, or with `true` one made from the right
   * one.
   */
  readonly wrongDigestHeader?: true | string;
  /** A Date header so many seconds ahead. */
  readonly clockAhead?: number;
  /** `none` sends the body in chunks; `empty` sends the header without a number. */
  readonly contentLength?: 'none' | 'empty';
  /** ms before the first byte; adds up over rules. */
  readonly latency?: number;
  /** Bytes of body per second. */
  readonly slowBody?: number;
  /** Sends this many bytes (`true`: half) of the promised body, then closes the connection. */
  readonly truncateBody?: true | number;
  /**
   * Makes the port speak TLS, beside plain HTTP, with a certificate of which this is wrong. Comes
   * before any request, so nothing of the match counts.
   */
  readonly tls?: CertificateTrouble;
  /** Keeps the connection and says nothing; with `truncateBody`, nothing more. */
  readonly hang?: true;
  /** Resets the connection (RST) before the first byte; with `truncateBody`, after those. */
  readonly reset?: true;
}
