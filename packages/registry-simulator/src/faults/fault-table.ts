import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Random } from '../seeded-random.ts';
import { createRandom } from '../seeded-random.ts';
import { SimulatorError } from '../simulator-error.ts';
import type { Reply } from '../wire/reply.ts';
import type { WireRequest } from '../wire/route.ts';
import type { Fault, FaultMatch } from './fault.ts';
import { applyFault } from './fault-effects.ts';

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
  clear(): void;
  readonly rules: readonly FaultRule[];
}

/** A fault table that can spoil replies. */
export class FaultRules implements FaultTable {
  readonly #rules = new Map<string, Rule>();

  get rules(): readonly FaultRule[] {
    return [...this.#rules.values()];
  }

  set(match: FaultMatch, fault: Fault): FaultRule {
    checkHeaders(fault);
    const key = matchKey(match);
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

  /** What all matching rules together make of a reply. */
  apply(reply: Reply, request: WireRequest): Reply {
    let spoiled = reply;
    for (const rule of this.#rules.values()) {
      if (rule.takes(request)) spoiled = applyFault(spoiled, rule.fault, rule.scene(request));
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

  scene(request: WireRequest): { request: WireRequest; random: Random } {
    return { request, random: this.#random };
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
    (match.reference === undefined || match.reference === route.reference) &&
    (match.repository === undefined || isAtOrBelow(route.repository, match.repository))
  );
}

function isAtOrBelow(repository: string | undefined, prefix: string): boolean {
  return `${repository ?? ''}/`.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/** Equal for equal matches, whatever order they were written in. */
function matchKey(match: FaultMatch): string {
  return JSON.stringify(Object.entries(match).sort());
}

/** Found now and not while some request is answered. */
function checkHeaders({ headers = {}, retryAfter = '', wrongDigestHeader = '' }: Fault): void {
  const values = [...Object.values(headers), String(retryAfter), String(wrongDigestHeader)];
  try {
    for (const name of Object.keys(headers)) validateHeaderName(name);
    for (const value of values) validateHeaderValue('of a fault', value ?? '');
  } catch {
    // Node's message would repeat what cannot be printed.
    throw new SimulatorError('InvalidRequest', 'fault.headers: not valid in HTTP');
  }
}
