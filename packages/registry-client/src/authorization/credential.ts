import { createHash } from 'node:crypto';

export interface Credential {
  /** How messages call it, e.g. `secret "regcred"`; never a part of its value. */
  readonly name?: string;
  /** It belongs to one namespace: what a registry says to it is about nobody else. */
  readonly ofNamespace?: true;
  /** Empty for a token that names nobody. */
  readonly username: string;
  /** The password, or the token that is there in its place. */
  readonly password: string;
  /**
   * What `password` is when it is none: an identity token is exchanged at the token service, a registry token is shown
   * to the registry as it is. Source: `identitytoken` and `registrytoken` of Docker's config.json.
   */
  readonly token?: 'identity' | 'registry';
}

/** The user name under which Docker and its helpers keep an identity token. Source: docker-credential-helpers. */
export const IDENTITY_USER = '<token>';

/**
 * Credentials of a canonical registry (`docker.io`), in the order in which they are tried; `repository` chooses among
 * entries for parts of a registry. The same credential is the same object in every answer.
 */
export type CredentialSource = (registry: string, repository?: string) => readonly Credential[];

/** Where they may have to be asked for elsewhere first. Rejects when that fails; a RegistryError is told as it is. */
export type CredentialLookup = (
  ...place: Parameters<CredentialSource>
) => readonly Credential[] | Promise<readonly Credential[]>;

/** For a registry that nothing is known for. */
export const NO_CREDENTIALS: readonly Credential[] = [];

/** How messages call what was shown, or is to be shown, to `registry`. */
export function describeCredential({ name }: Credential, registry: string): string {
  return name === undefined
    ? `the credentials configured for ${registry}`
    : `the credentials of ${name}`;
}

/** RFC 7617, in UTF-8. An identity token without a user gets the name that Docker gives it. */
export function basicAuthorization({ username, password, token }: Credential): string {
  const user = username === '' && token === 'identity' ? IDENTITY_USER : username;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Ids by credential, so that a hash is made once and not for every request. */
const ids = new WeakMap<Credential, string>();

/** Tells credentials apart in keys without holding them. */
export function credentialId(credential: Credential | undefined): string {
  if (credential === undefined) return 'anonymous';
  const known = ids.get(credential);
  if (known !== undefined) return known;
  const { username, password, token } = credential;
  const id = createHash('sha256')
    .update(JSON.stringify([username, password, token]))
    .digest('base64url');
  ids.set(credential, id);
  return id;
}

/** What of an Authorization value must not show up in a message, as a server may echo it. */
export function secretsOf(authorization: string | undefined): string[] {
  const [scheme, value = ''] = authorization?.split(' ') ?? [];
  if (value === '') return [];
  if (scheme !== 'Basic') return [value];
  const pair = Buffer.from(value, 'base64').toString();
  return [value, pair, pair.slice(pair.indexOf(':') + 1)].filter((secret) => secret !== '');
}
