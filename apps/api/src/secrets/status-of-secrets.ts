import { internalError, type Status, serviceUnavailable } from '@tagtrail/apimachinery';
import type { PullSecretStoreError } from '@tagtrail/pull-secrets';

/** Seconds after which a client may try again when Redis was away. */
const RETRY_SECONDS = 2;
const MISSING_KEY =
  'make one with "tagtrail create secret-key FILE", set secrets.keyFile (TAGTRAIL_SECRETS_KEY_FILE) of the API and of every worker to it, and start them again';

/** The Status of what the store of secrets could not do; its own words name secrets and keys, never values. */
export function statusOfSecrets({ code, message }: PullSecretStoreError): Status {
  switch (code) {
    case 'unavailable':
      return serviceUnavailable(
        'Redis does not answer or takes no writes: the store of secrets is away',
        RETRY_SECONDS,
      );
    case 'no-key':
      return withoutRetry(`${message}; ${MISSING_KEY}`);
    case 'not-openable':
      return internalError(
        `${message}; add the key that it was sealed with to the file of secrets.keyFile, or delete the secret and create it again`,
      );
    default:
      return code satisfies never;
  }
}

/** Waiting does not help, and clients that are given a time to wait ask ten times before they tell anybody. */
function withoutRetry(message: string): Status {
  const { details: _, ...status } = serviceUnavailable(message, RETRY_SECONDS);
  return status;
}
