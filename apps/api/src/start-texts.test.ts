import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createLogger } from '@tagtrail/observability';
import { describe, expect, it } from 'vitest';
import type { ApiAdapters } from './api-adapters.ts';
import { compose } from './compose.ts';
import { readApiConfig } from './config.ts';
import { ListenError } from './listen-error.ts';

const REDIS = { TAGTRAIL_REDIS_URL: 'redis://127.0.0.1:1' };
/** An address for documents, which is no machine's. Source: RFC 5737. */
const NOWHERE = '203.0.113.7';

/** Starts an API that asks nothing of what it stands on before it listens. */
function startAt(host: string, port: number) {
  const config = readApiConfig({
    ...REDIS,
    TAGTRAIL_API_TOKEN: 'a-token-for-tests-only',
    TAGTRAIL_API_HOST: host,
    TAGTRAIL_API_PORT: String(port),
  });
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  return compose(config, { logger, adapters: {} as ApiAdapters });
}

describe('an API that can not start says', () => {
  it('that it needs a token', () => {
    expect(() => readApiConfig(REDIS)).toThrow(
      'api.token (TAGTRAIL_API_TOKEN): is required: the API does not start without a token to ask for',
    );
  });

  it('that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(startAt('127.0.0.1', port)).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port} (api.host, api.port): another process listens there already`,
    );
    other.close();
  });

  it('that its address is no machine’s, or another one’s', async () => {
    await expect(startAt(NOWHERE, 8420)).rejects.toThrow(
      'cannot listen on 203.0.113.7:8420 (api.host, api.port): this machine has no such address',
    );
  });

  it.each([
    ['EACCES', 'this user may not take that port'],
    ['ENOTFOUND', 'no such host'],
    ['EMFILE', 'EMFILE'],
  ])('what the system said: %s', (code, reason) => {
    const cause = Object.assign(new Error('listen'), { code });
    const error = new ListenError({ host: 'tags', port: 80 }, cause);
    expect(error.message).toBe(`cannot listen on tags:80 (api.host, api.port): ${reason}`);
  });
});
