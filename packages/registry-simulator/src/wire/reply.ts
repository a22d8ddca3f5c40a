/** How the connection is left after (part of) a reply. */
export type Ending = 'complete' | 'close' | 'reset' | 'hang';

/** How a reply goes out. Faults change it like any other part of the reply. */
export interface Delivery {
  /** ms before the first byte. */
  readonly latency: number;
  /** Body bytes per second; no limit when absent. */
  readonly rate?: number;
  /**
   * Body bytes sent before a bad ending; when absent, such an ending comes before the first byte.
   */
  readonly cut?: number;
  readonly ending: Ending;
  /** How the length is told, when not as a number. */
  readonly length?: 'none' | 'empty';
}

/** A whole answer as a value: made by a route, changed by faults, logged, then delivered. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What a GET gets; a HEAD gets its length. */
  readonly body: Buffer;
  readonly delivery: Delivery;
}

export const PLAIN_DELIVERY: Delivery = { latency: 0, ending: 'complete' };

const JSON_TYPE = 'application/json';

/**
 * Error codes of the OCI distribution-spec, by the status they come with when no route says better.
 */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'MANIFEST_INVALID',
  401: 'UNAUTHORIZED',
  403: 'DENIED',
  404: 'MANIFEST_UNKNOWN',
  405: 'UNSUPPORTED',
  429: 'TOOMANYREQUESTS',
};

type Headers = Readonly<Record<string, string>>;

export function createReply(status: number, headers: Headers, body: Buffer): Reply {
  return { status, headers, body, delivery: PLAIN_DELIVERY };
}

export function jsonReply(status: number, value: unknown, headers: Headers = {}): Reply {
  const body = Buffer.from(JSON.stringify(value));
  return createReply(status, { 'Content-Type': JSON_TYPE, ...headers }, body);
}

/** The distribution-spec's error document with one error. */
export function errorReply(
  status: number,
  error: { readonly code?: string; readonly message: string },
  headers: Headers = {},
): Reply {
  const code = error.code ?? CODE_OF_STATUS[status] ?? 'UNKNOWN';
  return jsonReply(status, { errors: [{ code, message: error.message }] }, headers);
}

/** Text from a request as a header may repeat it, also between quotes. */
export function printable(text: string): string {
  return text.replaceAll(/[^\x20\x21\x23-\x7e]/g, '');
}

/** Sets one header whatever the case it is spelled in, or removes it when the value is null. */
export function replaceHeader(headers: Headers, name: string, value: string | null): Headers {
  const others = Object.entries(headers).filter(
    ([key]) => key.toLowerCase() !== name.toLowerCase(),
  );
  return Object.fromEntries(value === null ? others : [...others, [name, value]]);
}
