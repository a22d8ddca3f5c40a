import type { Authorizer, Grant, Visit } from './authorization/authorizer.ts';
import { secretsOf } from './authorization/credential.ts';
import type { HostTraits, HostTraitsTable } from './host-traits.ts';
import type { RegistryLimits } from './limits.ts';
import { RegistryError } from './registry-error.ts';
import { failureError } from './reply/failure-error.ts';
import { statusError } from './reply/status-error.ts';
import { PING_PATH, type RepositoryTarget } from './repository-target.ts';
import type { ModeLadder } from './transport/mode-ladder.ts';
import { isRedirect, redirectedRequest } from './transport/redirect.ts';
import type { HttpReply, HttpRequest, Transport } from './transport/transport.ts';
import type { TransportFailure } from './transport/transport-failure.ts';

/** A request to the registry of `target`, before it is known how that wants to be spoken to. */
export interface RegistryRequest {
  readonly target: RepositoryTarget;
  readonly method: 'HEAD' | 'GET';
  /** Built from validated parts. */
  readonly path: string;
  readonly accept: string;
  readonly bodyLimit: number;
  /** Opens the message of an error: what is asked for. */
  readonly subject: string;
}

/** What came back, of whatever status. */
export interface RegistryAnswer {
  readonly reply: HttpReply;
  readonly traits: HostTraits;
  /** The error to throw when `reply` is not a success. */
  readonly error: () => RegistryError;
}

/** Where the redirects of a request ended. */
interface Landing {
  readonly reply: HttpReply;
  /** Another host than the registry. */
  readonly stranger: string | undefined;
}

export interface ExchangeParts {
  readonly transport: Transport;
  readonly authorizer: Authorizer;
  readonly ladder: ModeLadder;
  readonly traits: HostTraitsTable;
  readonly userAgent: string;
  readonly limits: RegistryLimits;
  readonly now: () => number;
}

const BAD_REQUEST = 400;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
/** Some registries say with another status than 401 that a token has expired. Source: Amazon ECR. */
const REFUSALS: ReadonlySet<number> = new Set([BAD_REQUEST, UNAUTHORIZED, FORBIDDEN]);
const EXPIRED = /token (?:has |is )?expired/i;
const ANONYMOUS: Grant = { authorization: undefined, advice: '' };

/**
 * Brings a request to its final reply: mode of transport, Authorization, redirects.
 *
 *   mode ─▶ grant ─▶ send ─▶ redirects ─▶ refused? ──no──▶ answer
 *    ▲                │                       └─yes, once─▶ new grant ─▶ send ─▶ redirects ─▶ answer
 *    └──cannot connect┘
 */
export class RegistryExchange {
  readonly #parts: ExchangeParts;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  /** Throws a {@link RegistryError} when no reply came, or the signal's reason when the caller gave up. */
  async send(request: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer> {
    const { target, subject } = request;
    try {
      signal.throwIfAborted();
      return await this.#parts.ladder.climb(target, (mode) => {
        const visit = { target, mode, traits: this.#parts.traits.of(target, mode) };
        return this.#converse(request, visit, signal);
      });
    } catch (error) {
      const advise = (failure: TransportFailure) => adviseTransport(target, failure);
      throw failureError(error, { subject, signal, advise });
    }
  }

  /** Of the mode in which the host would be spoken to next. */
  likelyTraits(target: RepositoryTarget): HostTraits {
    return this.#parts.traits.of(target, this.#parts.ladder.likelyMode(target));
  }

  async #converse(
    request: RegistryRequest,
    visit: Visit,
    signal: AbortSignal,
  ): Promise<RegistryAnswer> {
    const prepared = this.#parts.authorizer.prepare(visit, signal);
    // Most registries ask for nothing: then there is nothing to wait for.
    const sent = prepared instanceof Promise ? await prepared : prepared;
    const landing = await this.#follow(request, visit, sent, signal);
    const { reply, stranger } = landing;
    // Only the registry itself may demand its credentials, not a host it redirects to.
    if (stranger !== undefined || !REFUSALS.has(reply.status)) {
      return this.#answer(request, visit, landing, sent);
    }
    const next = await this.#regrant(request, visit, { reply, sent }, signal);
    const same = next.authorization === sent.authorization;
    const second = same ? landing : await this.#follow(request, visit, next, signal);
    return this.#answer(request, visit, second, next);
  }

  /** What to send after a refusal; the same grant when there is nothing better. */
  async #regrant(
    request: RegistryRequest,
    visit: Visit,
    { reply, sent }: { readonly reply: HttpReply; readonly sent: Grant },
    signal: AbortSignal,
  ): Promise<Grant> {
    const { authorizer } = this.#parts;
    if (reply.status === UNAUTHORIZED) {
      const refusal = await this.#challenge(request, visit, reply, signal);
      return authorizer.answer(visit, { ...refusal, sent }, signal);
    }
    return mayBeExpired(reply, request) ? authorizer.renew(visit, sent, signal) : sent;
  }

  /** The 401 to answer: a registry that does not say how it wants to be asked says so at its door (GCR of old). */
  async #challenge(
    request: RegistryRequest,
    visit: Visit,
    reply: HttpReply,
    signal: AbortSignal,
  ): Promise<{ readonly reply: HttpReply; readonly ofRegistry: boolean }> {
    const ofRegistry = request.path === PING_PATH;
    if (ofRegistry || reply.headers['www-authenticate'] !== undefined) return { reply, ofRegistry };
    const bodyLimit = this.#parts.limits.tokenReplyBytes;
    const asked = { method: 'GET', path: PING_PATH, accept: 'application/json' } as const;
    const ping = { ...request, ...asked, bodyLimit };
    const door = await this.#follow(ping, visit, ANONYMOUS, signal);
    const { status } = door.reply;
    const demands = status === UNAUTHORIZED && door.stranger === undefined;
    return demands ? { reply: door.reply, ofRegistry: true } : { reply, ofRegistry };
  }

  /** Sends and follows redirects by hand. Only the first hop can fail in a way that another mode may mend. */
  async #follow(
    { target, method, path, accept, bodyLimit, subject }: RegistryRequest,
    { mode }: Visit,
    { authorization }: Grant,
    signal: AbortSignal,
  ): Promise<Landing> {
    const { transport, ladder, userAgent, limits } = this.#parts;
    const headers = {
      accept,
      'accept-encoding': 'identity',
      'user-agent': userAgent,
      ...(authorization !== undefined && { authorization }),
    };
    let hop: HttpRequest = { mode, authority: target.endpoint, method, path, headers, bodyLimit };
    let reply = await transport.send(hop, signal);
    ladder.answered(target, mode);
    for (let hops = 0; isRedirect(reply); hops += 1) {
      if (hops === limits.redirects) throw tooManyRedirects(subject, hops);
      hop = redirectedRequest(hop, reply, { subject, insecure: target.insecure });
      reply = await this.#visitHop(hop, { target, subject }, signal);
    }
    const atHome = hop.authority === target.endpoint && hop.mode === mode;
    return { reply, stranger: atHome ? undefined : hop.authority };
  }

  /** Another registry may want a token of its own, which everybody gets. */
  async #visitHop(
    hop: HttpRequest,
    { target, subject }: Pick<RegistryRequest, 'target' | 'subject'>,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const { mode, authority } = hop;
    if (authority === target.endpoint) return this.#sendHop(hop, subject, signal);
    const { authorizer, traits } = this.#parts;
    const stranger = { ...target, registry: authority, endpoint: authority };
    const visit = { target: stranger, mode, traits: traits.of(stranger, mode), isStranger: true };
    const sent = await authorizer.prepare(visit, signal);
    const reply = await this.#sendHop(withAuthorization(hop, sent), subject, signal);
    if (reply.status !== UNAUTHORIZED) return reply;
    const next = await authorizer.answer(visit, { reply, sent, ofRegistry: false }, signal);
    if (next.authorization === sent.authorization) return reply;
    return this.#sendHop(withAuthorization(hop, next), subject, signal);
  }

  async #sendHop(hop: HttpRequest, subject: string, signal: AbortSignal): Promise<HttpReply> {
    try {
      return await this.#parts.transport.send(hop, signal);
    } catch (error) {
      throw failureError(error, { subject: redirectedSubject(subject, hop.authority), signal });
    }
  }

  #answer(
    { subject, target }: RegistryRequest,
    { traits }: Visit,
    { reply, stranger }: Landing,
    grant: Grant,
  ): RegistryAnswer {
    const error = () =>
      statusError(reply, {
        subject: stranger === undefined ? subject : redirectedSubject(subject, stranger),
        advice: stranger === undefined ? adviseStatus(reply.status, target, grant) : undefined,
        quotable: stranger === undefined,
        secrets: secretsOf(grant.authorization),
        now: this.#parts.now(),
      });
    return { reply, traits, error };
  }
}

/** A HEAD brings no words: then every such refusal may be one, and costs a token at most. */
function mayBeExpired({ body }: HttpReply, { method }: RegistryRequest): boolean {
  return method === 'HEAD' || EXPIRED.test(body.toString());
}

function withAuthorization(hop: HttpRequest, { authorization }: Grant): HttpRequest {
  return authorization === undefined ? hop : { ...hop, headers: { ...hop.headers, authorization } };
}

function redirectedSubject(subject: string, authority: string): string {
  return `${subject}: redirected to ${authority}`;
}

function adviseStatus(status: number, target: RepositoryTarget, grant: Grant): string | undefined {
  if (status === UNAUTHORIZED) return grant.advice;
  if (status === FORBIDDEN) return `check what ${target.registry} lets this client pull`;
  return status === NOT_FOUND ? 'check its name, and whether it was deleted' : undefined;
}

function adviseTransport(
  { endpoint, insecure }: RepositoryTarget,
  { kind, connecting }: TransportFailure,
): string | undefined {
  if (!connecting) return undefined;
  if (!insecure && kind === 'certificate') {
    return `trust the certificate of ${endpoint}, or allow insecure transport (importPolicy.insecure on the tag, --insecure)`;
  }
  // A server of plain HTTP garbles the handshake or hangs up.
  if (!insecure && (kind === 'tls' || kind === 'closed')) {
    return `if ${endpoint} speaks plain http, allow insecure transport (importPolicy.insecure on the tag, --insecure)`;
  }
  return kind === 'refused' ? undefined : `check that ${endpoint} can be reached`;
}

function tooManyRedirects(subject: string, hops: number): RegistryError {
  return new RegistryError('RegistryError', `${subject}: redirected more than ${hops} times`);
}
