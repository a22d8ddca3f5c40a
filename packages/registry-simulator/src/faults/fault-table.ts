import { validateHeaderName, validateHeaderValue } from 'node:http';
import { namedFault } from '../catalogue/named-faults.ts';
import { isTag } from '../content/names.ts';
import type { Random } from '../seeded-random.ts';
import { createRandom } from '../seeded-random.ts';
import { SimulatorError } from '../simulator-error.ts';
import type { CertificateTrouble, ServerCertificate } from '../tls/build-certificate.ts';
import { buildCertificate } from '../tls/build-certificate.ts';
import type { Reply } from '../wire/reply.ts';
import { authorizationScheme } from '../wire/request-record.ts';
import type { WireRequest } from '../wire/route.ts';
import type { Fault, FaultMatch } from './fault.ts';
import { applyFault } from './fault-effects.ts';
import type { FaultScene, FaultStage } from './fault-scene.ts';

/** Every request is compared with every rule. */
const RULE_LIMIT = 1000;

/** A rule in force. Disposing removes it, if it was not replaced already. */
export interface FaultRule extends Disposable {
  readonly match: FaultMatch;
  readonly fault: Fault;
  /** Requests that met the plain conditions so far. */
  readonly matched: number;
  /** Requests that were spoiled so far. */
  readonly applied: number;
}

/** The faults of one simulator. */
export interface FaultTable {
  /**
   * Replaces the rule with an equal match, counters included, or adds one. Rules are applied in the
   * order in which their matches were first set. Throws SimulatorError `LimitReached`, and
   * `InvalidRequest` for headers that cannot be sent.
   */
  set(match: FaultMatch, fault: Fault): FaultRule;
  /**
   * Sets every part of a fault of the catalogue, for the requests that the fault is about and `match`
   * does not rule out; what `match` says counts where both say something. The same again replaces
   * it. Throws SimulatorError `UnknownFault` or `LimitReached`.
   */
  setNamed(name: string, match?: FaultMatch): readonly FaultRule[];
  clear(): void;
  readonly rules: readonly FaultRule[];
}

/** A fault table that can spoil replies. */
export class FaultRules implements FaultTable {
  readonly #rules = new Map<string, Rule>();
  readonly #certificates = new Map<CertificateTrouble, ServerCertificate>();

  get rules(): readonly FaultRule[] {
    return [...this.#rules.values()];
  }

  set(match: FaultMatch, fault: Fault): FaultRule {
    return this.#put(matchKey(match), match, fault);
  }

  setNamed(name: string, match: FaultMatch = {}): readonly FaultRule[] {
    return namedFault(name).parts.map((part, at) => {
      const key = `${name} ${at} ${matchKey(match)}`;
      return this.#put(key, { ...part.match, ...match }, part.fault);
    });
  }

  #put(key: string, match: FaultMatch, fault: Fault): FaultRule {
    checkHeaders(fault);
    if (this.#rules.size >= RULE_LIMIT && !this.#rules.has(key)) {
      throw new SimulatorError('LimitReached', `faults: there are ${RULE_LIMIT} rules already`);
    }
    const rule: Rule = new Rule(match, fault, () => {
      if (this.#rules.get(key) === rule) this.#rules.delete(key);
    });
    this.#rules.set(key, rule);
    return rule;
  }

  clear(): void {
    this.#rules.clear();
  }

  /** What the port shows to those who speak TLS; undefined while no rule asks for that. */
  certificate(now: number): ServerCertificate | undefined {
    const trouble = this.rules.findLast(({ fault }) => fault.tls !== undefined)?.fault.tls;
    if (trouble === undefined) return undefined;
    const made = this.#certificates.get(trouble) ?? buildCertificate(trouble, now);
    this.#certificates.set(trouble, made);
    return made;
  }

  /** What all matching rules together make of a reply. */
  apply(reply: Reply, request: WireRequest, stage: FaultStage): Reply {
    let spoiled = reply;
    for (const rule of this.#rules.values()) {
      if (rule.takes(request))
        spoiled = applyFault(spoiled, rule.fault, rule.scene(request, stage));
    }
    return spoiled;
  }
}

class Rule implements FaultRule {
  readonly match: FaultMatch;
  readonly fault: Fault;
  matched = 0;
  applied = 0;
  readonly #random: Random;
  readonly #remove: () => void;

  constructor(match: FaultMatch, fault: Fault, remove: () => void) {
    this.match = match;
    this.fault = fault;
    this.#random = createRandom(match.seed ?? 1);
    this.#remove = remove;
  }

  /** Counts the request, so it must be asked once per request. */
  takes(request: WireRequest): boolean {
    if (!meetsPlainConditions(request, this.match)) return false;
    this.matched += 1;
    if (!this.#isTurn()) return false;
    this.applied += 1;
    return true;
  }

  scene(request: WireRequest, { content, authority, now }: FaultStage): FaultScene {
    return { request, content, authority, now, random: this.#random };
  }

  [Symbol.dispose](): void {
    this.#remove();
  }

  #isTurn(): boolean {
    const { skip = 0, first = Number.POSITIVE_INFINITY, every = 1, probability = 1 } = this.match;
    const turn = this.matched - skip;
    return turn >= 1 && turn <= first && turn % every === 0 && this.#random() < probability;
  }
}

function meetsPlainConditions({ method, headers, route }: WireRequest, match: FaultMatch): boolean {
  return (
    (match.method === undefined || match.method === method) &&
    (match.route === undefined || [match.route].flat().includes(route.kind)) &&
    (match.host === undefined || match.host === headers.host) &&
    (match.authorization === undefined || match.authorization === authorizationScheme(headers)) &&
    (match.reference === undefined || match.reference === route.reference) &&
    (match.referenceKind === undefined || match.referenceKind === kindOf(route.reference)) &&
    (match.repository === undefined || isAtOrBelow(route.repository, match.repository))
  );
}

function kindOf(reference: string | undefined): FaultMatch['referenceKind'] {
  if (reference === undefined) return undefined;
  return isTag(reference) ? 'tag' : 'digest';
}

function isAtOrBelow(repository: string | undefined, prefix: string): boolean {
  return `${repository ?? ''}/`.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/** Equal for equal matches, whatever order they were written in. */
function matchKey(match: FaultMatch): string {
  return JSON.stringify(Object.entries(match).sort());
}

/** Found now and not while some request is answered. */
function checkHeaders(fault: Fault): void {
  const { headers = {}, challenge = {}, retryAfter, wrongDigestHeader } = fault;
  const values = [
    ...Object.values(headers),
    ...Object.values(challenge),
    ...[retryAfter, wrongDigestHeader, fault.redirect, fault.contentTypeSuffix].map(String),
  ];
  try {
    for (const name of Object.keys(headers)) validateHeaderName(name);
    for (const value of values) validateHeaderValue('of a fault', value ?? '');
  } catch {
    // Node's message would repeat what cannot be printed.
    throw new SimulatorError('InvalidRequest', 'fault.headers: not valid in HTTP');
  }
}
