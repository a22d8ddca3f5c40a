import { PullSecretStoreError } from '@tagtrail/pull-secrets';
import { expect, it } from 'vitest';
import { statusOf } from '../http/status-of.ts';

it('a store of secrets that is away is worth another try, one without a key is not', () => {
  expect(statusOf(new PullSecretStoreError('unavailable', 'no Redis'))).toMatchObject({
    code: 503,
    message: 'Redis does not answer or takes no writes: the store of secrets is away',
    details: { retryAfterSeconds: 2 },
  });
  expect(statusOf(new PullSecretStoreError('no-key', 'no key'))).not.toHaveProperty('details');
});
