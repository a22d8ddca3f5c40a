import { type Digest, isDigest, isRepositoryName, isTagName } from '@tagtrail/image-reference';
import { RegistryFault } from '../registry-fault.ts';

/** `namespace/name` of a stream, as a repository is called here. */
export interface RepositoryName {
  readonly namespace: string;
  readonly name: string;
}

/** What a request is about. */
export type Route =
  | { readonly kind: 'ping' }
  | { readonly kind: 'token' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'storage' }
  | { readonly kind: 'collect' }
  | { readonly kind: 'manifest'; readonly repository: RepositoryName; readonly reference: string }
  | { readonly kind: 'blob'; readonly repository: RepositoryName; readonly digest: Digest }
  | { readonly kind: 'tags'; readonly repository: RepositoryName }
  | { readonly kind: 'referrers'; readonly repository: RepositoryName; readonly digest: Digest };

/** Characters of a path: name, kind and a sha512 digest, with room. */
const PATH_LENGTH = 1_024;
const ROOT = '/v2/';
const FIXED: Readonly<Record<string, Route['kind']>> = {
  '/v2/': 'ping',
  '/v2': 'ping',
  '/token': 'token',
  '/v2/_catalog': 'catalog',
  '/tagtrail/v1/storage': 'storage',
  '/tagtrail/v1/storage/collect': 'collect',
};
/** Percent-encoded slashes, backslashes, dots and controls: nobody needs them, and they hide what is asked for. */
const HIDDEN = /%(?:2e|2f|5c|25|[01][0-9a-f]|7f)/i;

/**
 * Reads a path; undefined when there is nothing under it. From the right: a repository may be called
 * `demo/manifests`. Throws {@link RegistryFault} `NAME_INVALID` or `DIGEST_INVALID`.
 */
export function parseRoute(path: string): Route | undefined {
  const fixed = FIXED[path];
  if (fixed !== undefined) return { kind: fixed } as Route;
  if (!path.startsWith(ROOT)) return undefined;
  if (path.length > PATH_LENGTH || HIDDEN.test(path)) throw invalidName(path);
  const decoded = decode(path);
  const match = /^(.+)\/(manifests|blobs|tags|referrers)\/([^/]+)$/.exec(
    decoded.slice(ROOT.length),
  );
  if (match === null) return undefined;
  const [, name = '', kind = '', last = ''] = match;
  return routeOf(kind, name, last);
}

function routeOf(kind: string, name: string, last: string): Route | undefined {
  if (kind === 'tags') {
    return last === 'list' ? { kind: 'tags', repository: repositoryOf(name) } : undefined;
  }
  const repository = repositoryOf(name);
  if (kind === 'manifests') return { kind: 'manifest', repository, reference: referenceOf(last) };
  const digest = digestOf(last);
  return kind === 'blobs'
    ? { kind: 'blob', repository, digest }
    : { kind: 'referrers', repository, digest };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidName(path);
  }
}

/** A stream is called `namespace/name`; other names are well-formed at best, and unknown then. */
function repositoryOf(text: string): RepositoryName {
  if (!isRepositoryName(text)) throw invalidName(text);
  const [namespace = '', name = '', ...more] = text.split('/');
  if (name === '' || more.length > 0) {
    const message = `repository ${text}: repositories here are called namespace/stream`;
    throw new RegistryFault('NAME_UNKNOWN', message);
  }
  return { namespace, name };
}

function referenceOf(text: string): string {
  if (text.includes(':')) return digestOf(text);
  if (isTagName(text)) return text;
  throw new RegistryFault('MANIFEST_UNKNOWN', `not the name of a tag: ${shown(text)}`);
}

function digestOf(text: string): Digest {
  if (isDigest(text)) return text;
  const what = 'a digest is sha256 or sha512, a colon, and lower-case hex digits';
  throw new RegistryFault('DIGEST_INVALID', `${shown(text)}: ${what}`);
}

function invalidName(text: string): RegistryFault {
  return new RegistryFault('NAME_INVALID', `not the name of a repository: ${shown(text)}`);
}

/** JSON keeps what is unprintable out of logs and headers. */
function shown(text: string): string {
  const plain = JSON.stringify(text.slice(0, 128)).replace(/[^\x20-\x7e]/g, '?');
  return plain;
}
