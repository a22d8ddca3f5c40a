import { createLogger } from '@tagtrail/observability';
import { describe, expect, it } from 'vitest';
import { compose } from './compose.ts';
import { readApiConfig } from './config.ts';

describe('compose', () => {
  it('opens nothing when the certificate can not be read', async () => {
    const config = readApiConfig({
      TAGTRAIL_REDIS_URL: 'redis://127.0.0.1:1',
      TAGTRAIL_API_TOKEN: 'a-token-for-tests-only',
      TAGTRAIL_API_CERTIFICATE_FILE: '/nowhere/certificate.pem',
      TAGTRAIL_API_KEY_FILE: '/nowhere/key.pem',
    });
    const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
    await expect(compose(config, { logger })).rejects.toThrow(
      'cannot read /nowhere/certificate.pem (api.certificateFile): there is no such file',
    );
  });
});
