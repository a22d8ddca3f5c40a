export { type AccessTokensOptions, openAccessTokens } from './open-access-tokens.ts';
