import type { TransportFailure } from '../transport/transport-failure.ts';
import type { TransportMode } from '../transport/transport-mode.ts';

/**
 * What the client tells whoever watches a dialogue. Times are in ms. No event holds a password, a token, an
 * Authorization or the query of a URL; texts of the other side are made safe to print.
 */
export type RegistryEvent =
  | LookupEvent
  | ConnectionEvent
  | ReplyEvent
  | NoReplyEvent
  | ChallengeEvent
  | TokenEvent;

/** Called in the middle of the dialogue: it must be quick, and must not throw. */
export type RegistryObserver = (event: RegistryEvent) => void;

/** A name was looked up. */
export interface LookupEvent {
  readonly kind: 'lookup';
  readonly host: string;
  readonly took: number;
  /** Those that may be dialled. */
  readonly addresses: readonly string[];
}

/** A connection was opened, or was not. */
export interface ConnectionEvent {
  readonly kind: 'connection';
  readonly mode: TransportMode;
  /** `host` or `host:port`, as it was asked for. */
  readonly authority: string;
  /** Whether a proxy stands between: then the other side is the proxy. */
  readonly proxied: boolean;
  /** Address and port of the other side; undefined when TCP did not get through. */
  readonly address: string | undefined;
  /** From the looked-up address to the open connection; undefined like `address`. */
  readonly connectTook: number | undefined;
  /** What TLS agreed on, also when its certificate was refused afterwards. */
  readonly secure: SecureEvent | undefined;
  readonly failure: TransportFailure | undefined;
}

export interface SecureEvent {
  readonly took: number;
  /** `TLSv1.3` */
  readonly protocol: string;
  readonly certificate: CertificateFacts | undefined;
}

export interface CertificateFacts {
  /** Hosts and addresses that it was issued to; the first few. */
  readonly names: readonly string[];
  readonly issuer: string;
  /** ms since the epoch. */
  readonly validFrom: number;
  /** ms since the epoch. */
  readonly validTo: number;
}

interface Requested {
  readonly mode: TransportMode;
  readonly method: 'HEAD' | 'GET' | 'POST';
  /** Without its query. */
  readonly url: string;
  /** A new connection included. */
  readonly took: number;
}

/** A request was answered, whatever the status; redirects and requests for tokens count, too. */
export interface ReplyEvent extends Requested {
  readonly kind: 'reply';
  readonly status: number;
  /** Bytes of the body that were read. */
  readonly size: number;
  /** Few chosen ones, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface NoReplyEvent extends Requested {
  readonly kind: 'no-reply';
  /** Undefined when the caller gave up, or a deadline passed. */
  readonly failure: TransportFailure | undefined;
}

/** A 401 was read. */
export interface ChallengeEvent {
  readonly kind: 'challenge';
  /** Schemes in the server's order, lower case. */
  readonly offered: readonly string[];
  /** The one that is answered; undefined when none of them can be. */
  readonly chosen: ChosenChallenge | undefined;
}

export interface ChosenChallenge {
  readonly scheme: 'basic' | 'bearer';
  /** Token service, without query; of Bearer only, like the next two. */
  readonly realm?: string;
  readonly service?: string | undefined;
  readonly scope?: string | undefined;
  readonly credential: CredentialUse;
}

/** Whether there is a credential for the registry, and whether it is shown to who asks. */
export type CredentialUse =
  | 'none'
  | 'shown'
  /** It is a token already: the registry gets it, and no token service is asked. */
  | 'shown-as-token'
  /** A token, and the registry asks for a password. */
  | 'unfit'
  /** The registry is spoken to in plain HTTP. */
  | 'withheld-from-plain'
  /** The token service does not belong to the registry. */
  | 'withheld-from-realm';

/** A token was issued. */
export interface TokenEvent {
  readonly kind: 'token';
  readonly form: 'jwt' | 'opaque';
  /** How long it is used. */
  readonly lifetime: number;
  /** `expires_in`, the claims of the JWT, or nothing that the token service said. */
  readonly lifetimeFrom: 'reply' | 'claims' | 'assumed';
}
