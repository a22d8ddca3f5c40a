import type { Grant } from './access.ts';

/** Tokens of an installation: as many as the caches of authenticators hold, so that none pushes out another. */
export const MAX_ACCESS_TOKENS = 1_000;
/** Grants of one token; whoever needs more namespaces makes another token, or grants a role everywhere. */
export const MAX_GRANTS = 50;
/** ms. A shorter life is over before the token has been carried to where it is used. */
export const MIN_TOKEN_LIFE = 60_000;
/** ms, five years of 365 days. A longer life is a slip of the keyboard, or means a token that does not expire. */
export const MAX_TOKEN_LIFE = 5 * 365 * 86_400_000;
/** ms for which a token that has expired is still listed, so that whoever wonders finds out why it is refused. */
export const EXPIRED_TOKEN_KEPT = 30 * 86_400_000;

/** What is known of a token; its text is known only to who was given it. */
export interface AccessToken {
  /** Part of the token's text, and no secret. */
  readonly id: string;
  /** No other token has the same. */
  readonly name: string;
  readonly grants: readonly Grant[];
  /** ms since the epoch. */
  readonly created: number;
  /** ms since the epoch, from which on it counts no more; absent: it never expires. */
  readonly expires?: number;
  /** Name of the principal who made it. */
  readonly createdBy: string;
}

/** A token as it is stored. */
export interface AccessTokenRecord extends AccessToken {
  /** Of the secret, as {@link hashSecret} makes it. */
  readonly hash: string;
}

/** Whether a token counts no more at `now`, in ms since the epoch. */
export function isExpired({ expires }: Pick<AccessToken, 'expires'>, now: number): boolean {
  return expires !== undefined && now >= expires;
}
