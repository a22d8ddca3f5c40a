import { isRegistryHost, resolveReference } from '@tagtrail/image-reference';
import {
  type Credential,
  type CredentialSource,
  IDENTITY_USER,
  NO_CREDENTIALS,
} from './authorization/credential.ts';
import { isTokenText } from './authorization/token-text.ts';

export type DecodedAuthFile =
  | {
      readonly ok: true;
      readonly credentials: CredentialSource;
      /** Accounts and tokens in it. */
      readonly count: number;
      /** Keys whose entries hold nothing to show: places of credential helpers. */
      readonly ignored: readonly string[];
    }
  | { readonly ok: false; readonly message: string };

/** What every credential of a file is marked with. */
export type CredentialLabel = Pick<Credential, 'name' | 'ofNamespace'>;

/** Larger than any auth file of a person or a cluster. */
const FILE_LENGTH = 1024 * 1024;
const ENTRIES = 10_000;
const KEY_SCHEME = /^https?:\/\//;
/** What `docker login` appended for registries of version 1; Docker Hub's key still is `https://index.docker.io/v1/`. */
const KEY_API_VERSION = /\/v[12]\/?$/;
const SLASH = '/';
const NUL = '\0';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads the `auths` of a Docker `config.json` or a containers `auth.json`. Keys may be `host`, `host:port`, a URL, or
 * `host/path` for a part of a registry; the longest match comes first. Credential helpers are never run. Messages name
 * the key, never a value. `name` is how messages call the file.
 */
export function decodeDockerAuthFile(text: string, options: CredentialLabel = {}): DecodedAuthFile {
  return decodeAuths(
    readAuths(text, ({ auths = {} }) => auths),
    options,
  );
}

/** Reads the older `.dockercfg`, which is the `auths` of a `config.json` and nothing else. */
export function decodeDockercfg(text: string, options: CredentialLabel = {}): DecodedAuthFile {
  return decodeAuths(
    readAuths(text, (file) => file),
    options,
  );
}

function decodeAuths(auths: [string, unknown][] | string, label: CredentialLabel): DecodedAuthFile {
  if (typeof auths === 'string') return { ok: false, message: auths };
  const credentials = new Map<string, Credential>();
  const ignored: string[] = [];
  for (const [key, entry] of auths) {
    const place = readKey(key);
    if (place === undefined)
      return { ok: false, message: `auths key ${quote(key)} names no registry` };
    const credential = readEntry(entry);
    if (typeof credential === 'string') {
      return { ok: false, message: `auths[${quote(key)}].${credential} ${PROBLEMS[credential]}` };
    }
    if (credential === undefined) ignored.push(key);
    else credentials.set(place, { ...credential, ...label });
  }
  return { ok: true, credentials: sourceOf(credentials), count: credentials.size, ignored };
}

function sourceOf(credentials: ReadonlyMap<string, Credential>): CredentialSource {
  return (registry, repository = '') => {
    const found: Credential[] = [];
    for (let end = repository.length; end > 0; end = repository.lastIndexOf(SLASH, end - 1)) {
      const match = credentials.get(`${registry}/${repository.slice(0, end)}`);
      if (match !== undefined) found.push(match);
    }
    const whole = credentials.get(registry);
    if (whole !== undefined) found.push(whole);
    return found.length === 0 ? NO_CREDENTIALS : found;
  };
}

/** The entries, or what is wrong with the file. */
function readAuths(
  text: string,
  authsOf: (file: Readonly<Record<string, unknown>>) => unknown,
): [string, unknown][] | string {
  if (text.length > FILE_LENGTH) return `larger than ${FILE_LENGTH} characters`;
  const file = parseObject(text);
  if (file === undefined) return 'not a JSON object';
  const auths = authsOf(file);
  if (!isObject(auths)) return 'auths is not an object';
  const entries = Object.entries(auths);
  return entries.length > ENTRIES ? `auths has more than ${ENTRIES} entries` : entries;
}

/** Canonical registry, with the path of the part that the key speaks of. */
function readKey(key: string): string | undefined {
  const written = key.trim().replace(KEY_SCHEME, '').replace(KEY_API_VERSION, '');
  const place = withoutTrailing(SLASH, written);
  const [host = '', ...path] = place.split('/');
  if (!isRegistryHost(host)) return undefined;
  const { registry } = resolveReference({ registry: host, repository: 'any/any' });
  return [registry, ...path].join('/');
}

/** What can be wrong with the fields of an entry; their values are never shown. */
const PROBLEMS = {
  auth: 'is not base64 of user:password',
  registrytoken: 'cannot be sent as a token',
} as const;
type MalformedField = keyof typeof PROBLEMS;

/** The most particular thing counts, as for Docker: a token for the registry, one for its token service, an account. */
function readEntry(entry: unknown): Credential | MalformedField | undefined {
  const { username, password, auth, identitytoken, registrytoken } = isObject(entry) ? entry : {};
  if (isText(registrytoken)) return readRegistryToken(registrytoken);
  const account = isText(auth) ? readAuth(auth) : readAccount(username, password);
  if (typeof account === 'string') return account;
  if (isText(identitytoken)) {
    return { username: account?.username ?? '', password: identitytoken, token: 'identity' };
  }
  if (account === undefined || account.password === '') return undefined;
  return account.username === IDENTITY_USER ? { ...account, token: 'identity' } : account;
}

function readRegistryToken(text: string): Credential | MalformedField {
  return isTokenText(text) ? { username: '', password: text, token: 'registry' } : 'registrytoken';
}

function readAccount(username: unknown, password: unknown): Credential | undefined {
  return isText(username) && typeof password === 'string' ? { username, password } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Base64 of `user:password`, cut at the first colon; old clients padded the password with NULs. */
function readAuth(auth: string): Credential | MalformedField {
  if (!BASE64.test(auth)) return 'auth';
  const pair = Buffer.from(auth, 'base64').toString();
  const colon = pair.indexOf(':');
  if (colon <= 0) return 'auth';
  const password = withoutTrailing(NUL, pair.slice(colon + 1));
  return { username: pair.slice(0, colon), password };
}

/** In one pass from the end: a pattern would begin anew at every character of a run in the middle. */
function withoutTrailing(character: string, text: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === character) end -= 1;
  return text.slice(0, end);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // The parser's message would quote the file, which holds passwords.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function quote(key: string): string {
  return JSON.stringify(key.slice(0, 64));
}
