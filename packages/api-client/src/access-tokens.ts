import type { ObjectMeta, Status } from '@tagtrail/apimachinery';
import type { ApiConnection } from './api-connection.ts';

/** A role in one namespace, or with `*` everywhere. */
export interface AccessTokenGrant {
  readonly role: string;
  readonly namespace: string;
}

/** What a token is made of. */
export interface AccessTokenDraft {
  readonly name: string;
  readonly grants: readonly AccessTokenGrant[];
  /** Absent: it never expires. */
  readonly expirationSeconds?: number;
}

/** An access token of `tagtrail.dev/v1`. */
export interface AccessToken {
  readonly kind: 'AccessToken';
  readonly apiVersion: 'tagtrail.dev/v1';
  /** `uid` is the id of the token. */
  readonly metadata: ObjectMeta;
  readonly spec: { readonly grants: readonly AccessTokenGrant[] };
  readonly status: {
    readonly createdBy: string;
    readonly expired: boolean;
    readonly expirationTimestamp?: string;
    /** Its text: only in the answer to its creation. */
    readonly token?: string;
  };
}

/** Tokens of people and programs. Every method throws ApiError. */
export interface AccessTokens {
  /** Those that have no role where whoever asks is not admin. */
  list(): Promise<readonly AccessToken[]>;
  /** By its name or its id. */
  get(name: string): Promise<AccessToken>;
  create(draft: AccessTokenDraft): Promise<AccessToken>;
  /** By its name or its id. It works for some seconds more. */
  revoke(name: string): Promise<Status>;
}

const API_VERSION = 'tagtrail.dev/v1';
const PATH = `/apis/${API_VERSION}/accesstokens`;

export function createAccessTokens(connection: ApiConnection): AccessTokens {
  return {
    async list() {
      const path = { path: PATH };
      return (await connection.request<{ readonly items: readonly AccessToken[] }>(path)).items;
    },
    get: (name) => connection.request({ path: pathOf(name) }),
    create: ({ name, ...spec }) => {
      const body = { kind: 'AccessToken', apiVersion: API_VERSION, metadata: { name }, spec };
      return connection.request({ method: 'POST', path: PATH, body });
    },
    revoke: (name) => connection.request({ method: 'DELETE', path: pathOf(name) }),
  };
}

function pathOf(name: string): string {
  return `${PATH}/${encodeURIComponent(name)}`;
}
