import { type ApiClient, createApiClient } from '../create-api-client.ts';

/** A client for tests of servers, which must not depend on this package otherwise. */
export function clientForTest(server: string, token: string): ApiClient {
  return createApiClient({ server, token });
}
