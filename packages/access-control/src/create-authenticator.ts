import { timingSafeEqual } from 'node:crypto';
import { type Authenticator, EVERYWHERE, type Principal } from './access.ts';
import { type AccessToken, isExpired } from './access-token.ts';
import type { AccessTokenStore } from './access-token-store.ts';
import { RecordCache } from './record-cache.ts';
import { hashSecret, isSecretOf, parseToken } from './token-text.ts';
import { API_PRINCIPAL } from './validate-access-token.ts';

/** Characters of a token that are looked at; longer texts are nobody's. */
const MAX_TOKEN_LENGTH = 4_096;

export interface AuthenticatorParts {
  readonly store: Pick<AccessTokenStore, 'read'>;
  /** The token that the API was started with: it may do everything, and works without the store. */
  readonly apiToken?: string | undefined;
  /** ms since the epoch. */
  readonly now: () => number;
}

/**
 * Finds out who shows a token. What the store says is believed for `ACCESS_FRESHNESS` ms, and for `OUTAGE_GRACE` ms more
 * while it is away; an expired token is refused at once, with or without a store.
 */
export function createAuthenticator({ store, apiToken, now }: AuthenticatorParts): Authenticator {
  const cache = new RecordCache(store, now);
  const isApiToken = createTokenCheck(apiToken);
  const whoHas = (token: AccessToken | undefined) =>
    token === undefined || isExpired(token, now()) ? undefined : principalOf(token);
  return {
    async authenticate(token) {
      if (token.length > MAX_TOKEN_LENGTH) return undefined;
      if (isApiToken(token)) return ADMIN;
      const parsed = parseToken(token);
      if (parsed === undefined) return undefined;
      const record = await cache.find(parsed.id);
      if (record === undefined || !isSecretOf(parsed.secret, record)) return undefined;
      return whoHas(record);
    },
    find: async (tokenId) => whoHas(await cache.find(tokenId)),
  };
}

const ADMIN: Principal = {
  name: API_PRINCIPAL,
  tokenId: undefined,
  grants: [{ role: 'admin', namespace: EVERYWHERE }],
};

function principalOf({ id, name, grants }: AccessToken): Principal {
  return { name, tokenId: id, grants };
}

/** Compares hashes of equal length, so that the time it takes says nothing about the token. */
function createTokenCheck(wanted: string | undefined): (given: string) => boolean {
  if (wanted === undefined) return () => false;
  const wantedHash = Buffer.from(hashSecret(wanted), 'hex');
  return (given) => timingSafeEqual(Buffer.from(hashSecret(given), 'hex'), wantedHash);
}
