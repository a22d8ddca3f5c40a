import type { Authorizer, Grant, Visit } from './authorization/authorizer.ts';
import type { CredentialTurns, Turn } from './authorization/credential-turns.ts';
import { isRefusal, type Tried, toldOfTurns, tryInTurn } from './authorization/try-in-turn.ts';
import type { CoolDownRule } from './cool-down.ts';
import { adviseTransport } from './exchange-advice.ts';
import { firstHop } from './first-hop.ts';
import { followRedirects, type Hopped } from './follow-redirects.ts';
import type { HostTraits } from './host-traits.ts';
import type { HostTraitsTable } from './host-traits-table.ts';
import { type Landing, landingError } from './landing.ts';
import type { RegistryLimits } from './limits.ts';
import { isRefused, mayBeExpired, UNAUTHORIZED, verdictOf } from './refusal.ts';
import type { RegistryError } from './registry-error.ts';
import { failureError } from './reply/failure-error.ts';
import { PING_PATH, type RepositoryTarget } from './repository-target.ts';
import type { ReceiverSource } from './transport/body-receiver.ts';
import type { ModeLadder } from './transport/mode-ladder.ts';
import { isRedirect } from './transport/redirect.ts';
import type { HttpReply, Transport } from './transport/transport.ts';
import type { TransportFailure } from './transport/transport-failure.ts';
import { untilAborted } from './transport/until-aborted.ts';

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
  /** Who takes the body of a success, where it does not belong in memory. */
  readonly receive?: ReceiverSource;
  /** The header `Range`. */
  readonly range?: string;
}

/** What came back, of whatever status. */
export interface RegistryAnswer {
  readonly reply: HttpReply;
  readonly traits: HostTraits;
  /** The error to throw when `reply` is not a success. */
  readonly error: () => RegistryError;
}

export interface ExchangeParts {
  readonly transport: Transport;
  readonly authorizer: Authorizer;
  readonly turns: CredentialTurns;
  readonly ladder: ModeLadder;
  readonly traits: HostTraitsTable;
  readonly userAgent: string;
  readonly limits: RegistryLimits;
  readonly now: () => number;
  readonly coolDowns: CoolDownRule;
}

/** What a conversation ended with. */
type Answered = Pick<Tried<RegistryAnswer>, 'answer'>;

const FIRST_REDIRECT = 300;
const ANONYMOUS: Grant = { authorization: undefined, advice: '', asked: false };

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
      const { answer } = await this.#parts.ladder.climb(target, (mode) => {
        const visit = { target, mode, traits: this.#parts.traits.of(target, mode) };
        return this.#converse(request, visit, signal);
      });
      return answer;
    } catch (error) {
      const advise = (failure: TransportFailure) => adviseTransport(target, failure);
      throw failureError(error, { subject, signal, advise });
    }
  }

  /** Of the mode in which the host would be spoken to next. */
  likelyTraits(target: RepositoryTarget): HostTraits {
    return this.#parts.traits.of(target, this.#parts.ladder.likelyMode(target));
  }

  /**
   * Shows what there is to show, until the registry is content. Mostly nothing has to be waited for before the request
   * itself, and then nothing is.
   */
  #converse(request: RegistryRequest, visit: Visit, signal: AbortSignal): Promise<Answered> {
    const { target, traits } = visit;
    const turns = this.#parts.turns.of(target);
    if (traits.loading !== undefined || turns instanceof Promise) {
      return this.#converseLater(request, visit, turns, signal);
    }
    return this.#takeTurns(request, visit, turns, signal);
  }

  async #converseLater(
    request: RegistryRequest,
    visit: Visit,
    turns: readonly Turn[] | Promise<readonly Turn[]>,
    signal: AbortSignal,
  ): Promise<Answered> {
    const { loading } = visit.traits;
    if (loading !== undefined) await untilAborted(loading, signal);
    return this.#takeTurns(request, visit, await turns, signal);
  }

  #takeTurns(
    request: RegistryRequest,
    visit: Visit,
    turns: readonly Turn[],
    signal: AbortSignal,
  ): Promise<Answered> {
    return turns.length === 1
      ? this.#attempt(request, withCredential(visit, turns[0]), signal)
      : this.#tryTurns(request, visit, turns, signal);
  }

  /** One credential after the other. */
  async #tryTurns(
    request: RegistryRequest,
    visit: Visit,
    turns: readonly Turn[],
    signal: AbortSignal,
  ): Promise<Answered> {
    const { target } = visit;
    const known = this.#parts.turns.isKnown(target, turns);
    const attempt = async (turn: Turn) => {
      const tried = await this.#attempt(request, withCredential(visit, turn), signal);
      // What worked here before sees what there is; of the others nothing is known.
      const sees = known && turn === turns[0];
      return sees && tried.verdict === 'hidden' ? { ...tried, verdict: 'open' as const } : tried;
    };
    try {
      const { answer, verdict, turn } = await tryInTurn(turns, attempt);
      if (verdict === 'open') {
        if (isSuccess(answer.reply)) this.#parts.turns.worked(target, turn);
        return { answer };
      }
      const error = () => toldOfTurns(answer.error(), turns, target.registry);
      return { answer: { ...answer, error } };
    } catch (error) {
      // Only the token service's refusals come out of the turns; they are alike for all of them.
      throw isRefusal(error) ? toldOfTurns(error, turns, target.registry) : error;
    }
  }

  async #attempt(
    request: RegistryRequest,
    visit: Visit,
    signal: AbortSignal,
  ): Promise<Tried<RegistryAnswer>> {
    const prepared = this.#parts.authorizer.prepare(visit, signal);
    // Most registries ask for nothing: then there is nothing to wait for.
    const sent = prepared instanceof Promise ? await prepared : prepared;
    const hop = firstHop(request, visit, sent, this.#parts);
    const reply = await this.#parts.transport.send(hop, signal);
    const landed = this.#land(request, { hop, reply }, signal);
    const landing = landed instanceof Promise ? await landed : landed;
    if (!isRefused(landing)) return this.#judge(request, visit, landing, sent);
    const next = await this.#regrant(request, visit, { reply: landing.reply, sent }, signal);
    const same = next.authorization === sent.authorization;
    const second = same ? landing : await this.#follow(request, visit, next, signal);
    return this.#judge(request, visit, second, next);
  }

  #judge(
    request: RegistryRequest,
    visit: Visit,
    landing: Landing,
    grant: Grant,
  ): Tried<RegistryAnswer> {
    const answer = this.#answer(request, visit, landing, grant);
    return { verdict: verdictOf(landing, grant), answer };
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
    const { target, subject } = request;
    const ping = { target, subject, ...asked, bodyLimit };
    const door = await this.#follow(ping, visit, ANONYMOUS, signal);
    const { status } = door.reply;
    const demands = status === UNAUTHORIZED && door.stranger === undefined;
    return demands ? { reply: door.reply, ofRegistry: true } : { reply, ofRegistry };
  }

  /** Sends and follows redirects by hand. Only the first hop can fail in a way that another mode may mend. */
  async #follow(
    request: RegistryRequest,
    visit: Visit,
    grant: Grant,
    signal: AbortSignal,
  ): Promise<Landing> {
    const hop = firstHop(request, visit, grant, this.#parts);
    const reply = await this.#parts.transport.send(hop, signal);
    return this.#land(request, { hop, reply }, signal);
  }

  #land(request: RegistryRequest, first: Hopped, signal: AbortSignal): Landing | Promise<Landing> {
    this.#parts.ladder.answered(request.target, first.hop.mode);
    return isRedirect(first.reply)
      ? followRedirects(first, { ...request, parts: this.#parts }, signal)
      : { reply: first.reply, stranger: undefined };
  }

  #answer(
    { subject, target }: RegistryRequest,
    { traits, credential }: Visit,
    landing: Landing,
    grant: Grant,
  ): RegistryAnswer {
    const { now, coolDowns } = this.#parts;
    const shown = grant.asked && grant.withheld !== true ? credential : undefined;
    const error = () => {
      const told = landingError(landing, { target, subject, grant, now: now() });
      return landing.stranger === undefined ? coolDowns.heed(target.registry, told, shown) : told;
    };
    return { reply: landing.reply, traits, error };
  }
}

function withCredential(visit: Visit, credential: Turn): Visit {
  return credential === undefined ? visit : { ...visit, credential };
}

function isSuccess({ status }: HttpReply): boolean {
  return status < FIRST_REDIRECT;
}
