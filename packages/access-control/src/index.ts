export { type Authenticator, EVERYWHERE, type Grant, type Principal, type Role } from './access.ts';
export { AccessControlError, type AccessControlErrorCode } from './access-control-error.ts';
export {
  type AccessToken,
  type AccessTokenRecord,
  EXPIRED_TOKEN_KEPT,
  isExpired,
  MAX_ACCESS_TOKENS,
  MAX_GRANTS,
  MAX_TOKEN_LIFE,
  MIN_TOKEN_LIFE,
} from './access-token.ts';
export type { AccessTokenStore, TokenCreation } from './access-token-store.ts';
export { type AccessTokenMaking, createAccessToken } from './create-access-token.ts';
export { type AuthenticatorParts, createAuthenticator } from './create-authenticator.ts';
export { governs, permits, ROLES } from './permits.ts';
export { ACCESS_FRESHNESS, OUTAGE_GRACE } from './record-cache.ts';
export { formatToken, isTokenId, parseToken, type TokenText } from './token-text.ts';
export {
  type AccessTokenDraft,
  API_PRINCIPAL,
  type DraftProblem,
} from './validate-access-token.ts';
