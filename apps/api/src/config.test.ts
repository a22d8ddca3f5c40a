import { describe, expect, it } from 'vitest';
import { readApiConfig } from './config.ts';

const REDIS = { TAGTRAIL_REDIS_URL: 'redis://127.0.0.1:6379' };

describe('readApiConfig', () => {
  it('refuses to be without a token, and names the variable to set', () => {
    expect(() => readApiConfig(REDIS)).toThrow(/api\.token \(TAGTRAIL_API_TOKEN\): is required/);
  });

  it('reads the token and leaves the rest at its defaults', () => {
    const { api } = readApiConfig({ ...REDIS, TAGTRAIL_API_TOKEN: 'a-token-for-tests-only' });
    expect(api).toMatchObject({
      token: 'a-token-for-tests-only',
      host: '127.0.0.1',
      port: 8420,
      allowedHosts: [],
    });
  });

  it.each([
    [
      'CERTIFICATE',
      'api.keyFile (TAGTRAIL_API_KEY_FILE): is required when api.certificateFile is set',
    ],
    [
      'KEY',
      'api.certificateFile (TAGTRAIL_API_CERTIFICATE_FILE): is required when api.keyFile is set',
    ],
  ])('refuses half a certificate: %s alone', (half, message) => {
    const env = { ...REDIS, [`TAGTRAIL_API_${half}_FILE`]: '/x.pem' };
    expect(() => readApiConfig({ ...env, TAGTRAIL_API_TOKEN: 'a-token-for-tests-only' })).toThrow(
      message,
    );
    expect(() => readApiConfig(env)).toThrow(/api\.token.*\n.*is required when/);
  });
});
