import type { AccessControlError } from '@tagtrail/access-control';
import { internalError, type Status, serviceUnavailable } from '@tagtrail/apimachinery';

/** Seconds after which a client may try again when Redis was away. */
const RETRY_SECONDS = 2;

/** The Status of what the store of access tokens could not do; its own words name ids, never secrets. */
export function statusOfAccess({ code, message }: AccessControlError): Status {
  switch (code) {
    case 'unavailable':
      return serviceUnavailable(
        'Redis does not answer or takes no writes: the store of access tokens is away',
        RETRY_SECONDS,
      );
    case 'damaged':
      return internalError(message);
    default:
      return code satisfies never;
  }
}
