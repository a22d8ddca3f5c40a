import { LruMap } from '../lru-map.ts';

export interface Token {
  readonly value: string;
  /** ms that the token lives, counted from `issuedAt`. */
  readonly lifetime: number;
  /** ms since the epoch: when the token was asked for. */
  readonly issuedAt: number;
}

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

interface Entry {
  readonly token: Token;
  readonly refreshAt: number;
}

/** Share of its life after which a token is replaced in the background, while it still serves. */
const REFRESH_SHARE = 0.8;
/** Pause after a failed refresh; without it every request would try again. */
const REFRESH_PAUSE = 10 * 1000;

/** Tokens of this process. Never asks twice at a time for the same thing. */
export class TokenCache {
  readonly #entries: LruMap<string, Entry>;
  readonly #requests = new Map<string, Promise<Token>>();
  readonly #now: () => number;

  constructor(limit: number, now: () => number) {
    this.#entries = new LruMap(limit);
    this.#now = now;
  }

  /** The cached token, or a new one from `request`, which is shared by everybody who waits for the same key. */
  async get(key: TokenKey, request: () => Promise<Token>): Promise<GrantedToken> {
    const id = idOf(key);
    const entry = this.#entries.get(id);
    const now = this.#now();
    if (entry === undefined || now >= expiry(entry.token)) {
      const { value } = await this.#request(id, request);
      return { value, fresh: true };
    }
    if (now >= entry.refreshAt) this.#refresh(id, entry, request);
    return { value: entry.token.value, fresh: false };
  }

  /** Forgets a token that the registry refused, unless it was replaced since it was sent. */
  refused(key: TokenKey, value: string): void {
    const id = idOf(key);
    if (this.#entries.get(id)?.token.value === value) this.#entries.delete(id);
  }

  #refresh(id: string, { token }: Entry, request: () => Promise<Token>): void {
    this.#entries.set(id, { token, refreshAt: this.#now() + REFRESH_PAUSE });
    // The old token still serves; if the trouble lasts, the request after its end reports it.
    this.#request(id, request).catch(() => {});
  }

  #request(id: string, request: () => Promise<Token>): Promise<Token> {
    const running = this.#requests.get(id);
    if (running !== undefined) return running;
    const started = this.#store(id, request).finally(() => this.#requests.delete(id));
    this.#requests.set(id, started);
    return started;
  }

  async #store(id: string, request: () => Promise<Token>): Promise<Token> {
    const token = await request();
    const refreshAt = token.issuedAt + token.lifetime * REFRESH_SHARE;
    this.#entries.set(id, { token, refreshAt });
    return token;
  }
}

function expiry({ issuedAt, lifetime }: Token): number {
  return issuedAt + lifetime;
}

function idOf({ realm, service, credential, scope, modes }: TokenKey): string {
  return JSON.stringify([modes, realm, service, credential, scope]);
}
