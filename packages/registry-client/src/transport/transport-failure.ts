import { errors } from 'undici';
import { InterruptedBody } from './body-receiver.ts';
import { RefusedAddress } from './dial-guard.ts';
import { OversizeBody } from './oversize-body.ts';
import { ProxyFailure } from './proxy-failure.ts';

/** A connection that never came to be, with what the network or TLS said as `cause`: no request was sent. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure';

  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

export type FailureKind =
  /** The certificate is not trusted; everything else about TLS works. */
  | 'certificate'
  /** TLS could not be spoken at all. */
  | 'tls'
  | 'timeout'
  | 'unknown-host'
  /** Refused, or no way to the host. */
  | 'unreachable'
  /** An open connection ended too early. */
  | 'closed'
  | 'not-http'
  /** A reply that breaks a limit. */
  | 'reply'
  /** Refused by this client, before anything was sent. */
  | 'refused';

/** What a request without a usable reply failed of. */
export interface TransportFailure {
  readonly kind: FailureKind;
  /** The connection never came to be. */
  readonly connecting: boolean;
  /** Present when bytes of the reply are gone to whoever wanted them: the request must not be sent again unasked. */
  readonly midway?: true;
  /** Lower case, for messages; nothing in it comes from the other side. */
  readonly phrase: string;
  /** What the operator can do about it, where only he can. */
  readonly advice?: string;
}

type Judgement = Pick<TransportFailure, 'kind' | 'phrase' | 'advice'>;

const NO_TLS: Judgement = { kind: 'tls', phrase: 'the server does not answer with tls' };
const NOT_HTTP: Judgement = { kind: 'not-http', phrase: 'the reply is not valid http' };
const UNKNOWN_AUTHORITY: Judgement = {
  kind: 'certificate',
  phrase: 'the certificate was issued by an unknown authority',
};
const SELF_SIGNED: Judgement = { kind: 'certificate', phrase: 'the certificate is self-signed' };
const NO_ROUTE: Judgement = { kind: 'unreachable', phrase: 'no route to host' };
const NOT_FOUND: Judgement = { kind: 'unknown-host', phrase: 'host name not found' };
const CLOSED: Judgement = {
  kind: 'closed',
  phrase: 'the other side closed the connection',
};
const NO_CONNECTION_IN_TIME: Judgement = { kind: 'timeout', phrase: 'no connection in time' };

/** By `code` of Node's and undici's errors. */
const KNOWN: Readonly<Record<string, Judgement>> = {
  UND_ERR_CONNECT_TIMEOUT: NO_CONNECTION_IN_TIME,
  ETIMEDOUT: NO_CONNECTION_IN_TIME,
  UND_ERR_HEADERS_TIMEOUT: { kind: 'timeout', phrase: 'no reply in time' },
  UND_ERR_BODY_TIMEOUT: { kind: 'timeout', phrase: 'the reply stopped halfway' },
  UND_ERR_HEADERS_OVERFLOW: { kind: 'reply', phrase: 'the headers of the reply are too large' },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { kind: 'closed', phrase: 'the reply was cut off' },
  ECONNREFUSED: { kind: 'unreachable', phrase: 'connection refused' },
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ENOTFOUND: NOT_FOUND,
  EAI_AGAIN: NOT_FOUND,
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: { kind: 'certificate', phrase: 'the certificate has expired' },
  CERT_NOT_YET_VALID: { kind: 'certificate', phrase: 'the certificate is not valid yet' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: 'certificate',
    phrase: 'the certificate belongs to another host',
  },
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_HTTP_REQUEST: NO_TLS,
};

/** OpenSSL's names for what can be wrong with a certificate, beyond the ones with a phrase of their own. */
const CERTIFICATE_CODE =
  /^(?:CERT_|CRL_|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH|PATH_LENGTH_|ERR_TLS_CERT_)/;
const TLS_CODE = /^(?:ERR_SSL_|ERR_TLS_)/;
/** Whatever else undici (`UND_ERR_…`) and the operating system (`EMFILE`) report. */
const OTHER_CODE = /^(?:UND_ERR_[A-Z_]+|E[A-Z0-9]+)$/;
const CLOSED_CODES: ReadonlySet<string | undefined> = new Set([
  'UND_ERR_SOCKET',
  'ECONNRESET',
  'EPIPE',
]);

/** Puts an error of a request into one of few kinds; undefined for errors that are no failure of transport. */
export function describeFailure(error: unknown): TransportFailure | undefined {
  const connecting = error instanceof ConnectFailure;
  const midway = error instanceof InterruptedBody;
  const judgement = judge(connecting || midway ? error.cause : error);
  if (judgement === undefined) {
    return connecting ? { kind: 'unreachable', phrase: 'no connection', connecting } : undefined;
  }
  return { ...judgement, connecting, ...(midway && { midway }) };
}

/** Whether an established connection ended before the reply began. */
export function isClosedConnection(error: unknown): boolean {
  return !(error instanceof ConnectFailure) && CLOSED_CODES.has(codeOf(error));
}

function judge(error: unknown): Judgement | undefined {
  if (error instanceof OversizeBody)
    return { kind: 'reply', phrase: `the reply is ${error.message}` };
  if (error instanceof RefusedAddress) return judgeRefusal(error);
  if (error instanceof ProxyFailure) return { kind: 'unreachable', phrase: error.message };
  if (error instanceof errors.HTTPParserError) return NOT_HTTP;
  const code = codeOf(error) ?? '';
  return KNOWN[code] ?? judgeFamily(code);
}

/** The same words whether or not somebody listens there: a tenant must not learn what runs in the operator's network. */
function judgeRefusal({ address, reach }: RefusedAddress): Judgement {
  if (address === 'link-local') {
    return { kind: 'refused', phrase: 'link-local addresses are never contacted' };
  }
  const setting =
    reach === 'named'
      ? 'registries.privateAddresses or registries.privateRegistries'
      : 'registries.privateRegistries';
  return {
    kind: 'refused',
    phrase: 'it leads to a private address, which is not contacted',
    advice: `the operator can allow that with ${setting}`,
  };
}

function judgeFamily(code: string): Judgement | undefined {
  if (CERTIFICATE_CODE.test(code)) {
    return { kind: 'certificate', phrase: `the certificate is not valid (${code})` };
  }
  if (TLS_CODE.test(code)) return { kind: 'tls', phrase: `the tls handshake failed (${code})` };
  return OTHER_CODE.test(code)
    ? { kind: 'reply', phrase: `the request failed (${code})` }
    : undefined;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
