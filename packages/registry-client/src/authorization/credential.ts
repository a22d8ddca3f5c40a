import { createHash } from 'node:crypto';

export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** Credentials of a canonical registry (`docker.io`); `repository` chooses among entries for parts of a registry. */
export type CredentialSource = (registry: string, repository?: string) => Credential | undefined;

/** RFC 7617, in UTF-8. */
export function basicAuthorization({ username, password }: Credential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Tells credentials apart in keys without holding them. */
export function credentialId(credential: Credential | undefined): string {
  if (credential === undefined) return 'anonymous';
  const { username, password } = credential;
  return createHash('sha256')
    .update(JSON.stringify([username, password]))
    .digest('base64url');
}

/** What of an Authorization value must not show up in a message, as a server may echo it. */
export function secretsOf(authorization: string | undefined): string[] {
  const [scheme, value = ''] = authorization?.split(' ') ?? [];
  if (value === '') return [];
  if (scheme !== 'Basic') return [value];
  const pair = Buffer.from(value, 'base64').toString();
  return [value, pair, pair.slice(pair.indexOf(':') + 1)].filter((secret) => secret !== '');
}
