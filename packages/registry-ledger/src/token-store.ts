/** A token as it is kept between the requests that show it. */
export interface KeptToken {
  readonly value: string;
  /** ms that the token lives, counted from `issuedAt`. */
  readonly lifetime: number;
  /** ms since the epoch by this process's clock: when the token was asked for. */
  readonly issuedAt: number;
}

/** What whoever needs a token has to do. */
export type TokenTurn =
  /** Use it: somebody has asked for it already. */
  | { readonly kind: 'kept'; readonly token: KeptToken }
  /** Ask for one, then `keep` it or `giveUp`: nobody else asks meanwhile. */
  | { readonly kind: 'ask' }
  /** Somebody asks at this moment: come again. */
  | { readonly kind: 'wait' };

/**
 * PORT. Tokens that all processes of an installation use together: each is asked for once, whoever needs it. Ids tell
 * registry, scope and credential apart without holding them. No method rejects: without the store each process asks for
 * itself, which is what `turn` then answers.
 */
export interface TokenStore {
  /** `stale` is what the caller has and wants replaced: it is never handed out again by this call. */
  turn(id: string, stale: KeptToken | undefined): Promise<TokenTurn>;
  keep(id: string, token: KeptToken): Promise<void>;
  /** Ends the caller's turn without a token. */
  giveUp(id: string): Promise<void>;
  /** Forgets a token that its registry refused, unless it was replaced since. */
  refused(id: string, value: string): Promise<void>;
}
