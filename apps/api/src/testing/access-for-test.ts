import { createAccessToken, type Grant } from '@tagtrail/access-control';
import { openAccessTokens } from '@tagtrail/access-control-redis';
import type { ApiForTest } from './open-api-for-test.ts';

let made = 0;

/** Puts a token with these grants into the store behind an API. Answers its text. */
export async function grantedToken(
  { redis }: Pick<ApiForTest, 'redis'>,
  grants: readonly Grant[],
): Promise<string> {
  await using store = openAccessTokens({ url: redis.url, name: 'test' });
  made += 1;
  const draft = { name: `token-${made}`, grants };
  const token = createAccessToken(draft, { createdBy: 'test', now: Date.now() });
  if (!token.ok) throw new Error(JSON.stringify(token.problems));
  await store.create(token.record);
  return token.text;
}

/** An API that is asked with another token than its own. */
export function askAs({ ask }: Pick<ApiForTest, 'ask'>, token: string) {
  return (path: string, { method = 'GET', body }: { method?: string; body?: object } = {}) => {
    const authorization = `Bearer ${token}`;
    const headers = { authorization, ...(body && { 'content-type': 'application/json' }) };
    return ask(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
}
