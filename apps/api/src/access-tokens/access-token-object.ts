import { type AccessToken, type Grant, isExpired } from '@tagtrail/access-control';
import { formatTimestamp, type ObjectMeta, type ResourceName } from '@tagtrail/apimachinery';

export const ACCESS_TOKEN_GROUP = 'tagtrail.dev';
export const ACCESS_TOKEN_RESOURCE = 'accesstokens';
export const ACCESS_TOKEN_API_VERSION = 'tagtrail.dev/v1';
export const ACCESS_TOKEN_KIND = 'AccessToken';

/** A token as the API shows it. The shape of its fields is that of Kubernetes' `TokenRequest`. */
export interface AccessTokenObject {
  readonly kind: typeof ACCESS_TOKEN_KIND;
  readonly apiVersion: typeof ACCESS_TOKEN_API_VERSION;
  /** `uid` is the id of the token. */
  readonly metadata: ObjectMeta;
  readonly spec: { readonly grants: readonly Grant[] };
  readonly status: {
    readonly createdBy: string;
    readonly expired: boolean;
    /** Absent: it never expires. */
    readonly expirationTimestamp?: string;
    /** The text of the token: only in the answer to its creation. */
    readonly token?: string;
  };
}

/** Shows a token as it is at `now`, in ms since the epoch. */
export function describeToken(token: AccessToken, now: number): AccessTokenObject {
  const { id, name, grants, created, expires, createdBy } = token;
  return {
    kind: ACCESS_TOKEN_KIND,
    apiVersion: ACCESS_TOKEN_API_VERSION,
    metadata: { name, uid: id, creationTimestamp: formatTimestamp(created) },
    spec: { grants },
    status: {
      createdBy,
      expired: isExpired(token, now),
      ...(expires !== undefined && { expirationTimestamp: formatTimestamp(expires) }),
    },
  };
}

export function accessTokenNamed(name: string): ResourceName {
  const [group, resource] = [ACCESS_TOKEN_GROUP, ACCESS_TOKEN_RESOURCE];
  return { group, resource, kind: ACCESS_TOKEN_KIND, name };
}
