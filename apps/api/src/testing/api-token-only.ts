import { type Authenticator, createAuthenticator } from '@tagtrail/access-control';

/** Knows one token, that of the API, and nobody else's. */
export function apiTokenOnly(apiToken: string): Authenticator {
  return createAuthenticator({ store: { read: async () => undefined }, apiToken, now: Date.now });
}
