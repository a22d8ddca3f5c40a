import type { KeptToken, TokenStore } from '@tagtrail/registry-ledger';
import { LruMap } from '../lru-map.ts';

/** What a token is good for. */
export interface TokenKey {
  readonly realm: string;
  readonly service: string | undefined;
  /** Of the credential shown to the realm, or `anonymous`. */
  readonly credential: string;
  readonly scope: string;
  /** How realm and registry were spoken to: what came over an unverified way stays there. */
  readonly modes: string;
}

export interface GrantedToken {
  readonly value: string;
  /** Asked for by this very call, so that a refusal is not a matter of age. */
  readonly fresh: boolean;
}

export interface TokenCacheParts {
  /** Tokens kept in the process; the one unused for longest goes first. */
  readonly limit: number;
  readonly now: () => number;
  /** ms that another process is given to bring the token that it asks for; afterwards this one asks, too. */
  readonly patience: number;
  /** What the processes of an installation use together. Without it, this process is alone. */
  readonly store?: TokenStore | undefined;
}

interface Entry {
  readonly token: KeptToken;
  readonly refreshAt: number;
}

interface Obtained extends Entry {
  readonly fresh: boolean;
}

/**
 * A token is replaced in the background, while it still serves, this long before its end at most: a request under way and
 * clocks that differ are covered. Of a short life it is a smaller part, as every token that ends early costs a request.
 */
const REFRESH_LEAD = 10 * 1000;
const REFRESH_SHARE = 0.04;
/** Shortest pause after a failed refresh; without it every request would try again. */
const REFRESH_PAUSE = 1_000;
/** ms between two looks whether another process has brought the token: a token service answers within some of them. */
const TURN_PAUSE = 25;

/** Tokens of this process, and through the store of all. Never asks twice at a time for the same thing. */
export class TokenCache {
  readonly #parts: TokenCacheParts;
  readonly #entries: LruMap<string, Entry>;
  readonly #requests = new Map<string, Promise<Obtained>>();

  constructor(parts: TokenCacheParts) {
    this.#parts = parts;
    this.#entries = new LruMap(parts.limit);
  }

  /** The cached token, or a new one from `request`, which is shared by everybody who waits for the same key. */
  async get(key: TokenKey, request: () => Promise<KeptToken>): Promise<GrantedToken> {
    const id = idOf(key);
    const entry = this.#entries.get(id);
    const now = this.#parts.now();
    if (entry === undefined || now >= expiry(entry.token)) {
      const { token, fresh } = await this.#request(id, request, undefined);
      return { value: token.value, fresh };
    }
    if (now >= entry.refreshAt) this.#refresh(id, entry, request);
    return { value: entry.token.value, fresh: false };
  }

  /** Forgets a token that the registry refused, unless it was replaced since it was sent. */
  async refused(key: TokenKey, value: string): Promise<void> {
    const id = idOf(key);
    if (this.#entries.get(id)?.token.value === value) this.#entries.delete(id);
    await this.#parts.store?.refused(id, value);
  }

  /** Resolves when nothing is being asked for any more, and the store knows it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#requests.values());
  }

  #refresh(id: string, { token }: Entry, request: () => Promise<KeptToken>): void {
    const now = this.#parts.now();
    const pause = Math.max(REFRESH_PAUSE, (expiry(token) - now) / 2);
    this.#entries.set(id, { token, refreshAt: now + pause });
    // The old token still serves; if the trouble lasts, the request after its end reports it.
    this.#request(id, request, token).catch(() => {});
  }

  #request(
    id: string,
    request: () => Promise<KeptToken>,
    stale: KeptToken | undefined,
  ): Promise<Obtained> {
    const running = this.#requests.get(id);
    if (running !== undefined) return running;
    const started = this.#obtain(id, request, stale).finally(() => this.#requests.delete(id));
    this.#requests.set(id, started);
    return started;
  }

  async #obtain(
    id: string,
    request: () => Promise<KeptToken>,
    stale: KeptToken | undefined,
  ): Promise<Obtained> {
    const { store } = this.#parts;
    const kept = store === undefined ? undefined : await this.#keptByOthers(store, id, stale);
    const token = kept ?? (await this.#ask(id, request));
    const entry = { token, refreshAt: refreshTime(token) };
    this.#entries.set(id, entry);
    return { ...entry, fresh: kept === undefined };
  }

  /** What another process has, or brings soon; undefined when it is this one's turn to ask. */
  async #keptByOthers(
    store: TokenStore,
    id: string,
    stale: KeptToken | undefined,
  ): Promise<KeptToken | undefined> {
    const deadline = performance.now() + this.#parts.patience;
    while (performance.now() < deadline) {
      const turn = await store.turn(id, stale);
      if (turn.kind === 'kept') return turn.token;
      if (turn.kind === 'ask') return undefined;
      await new Promise((resolve) => setTimeout(resolve, TURN_PAUSE));
    }
    return undefined;
  }

  async #ask(id: string, request: () => Promise<KeptToken>): Promise<KeptToken> {
    const { store } = this.#parts;
    try {
      const token = await request();
      await store?.keep(id, token);
      return token;
    } catch (error) {
      await store?.giveUp(id);
      throw error;
    }
  }
}

function expiry({ issuedAt, lifetime }: KeptToken): number {
  return issuedAt + lifetime;
}

function refreshTime(token: KeptToken): number {
  return expiry(token) - Math.min(REFRESH_LEAD, token.lifetime * REFRESH_SHARE);
}

function idOf({ realm, service, credential, scope, modes }: TokenKey): string {
  return JSON.stringify([modes, realm, service, credential, scope]);
}
