import { type Digest, digestAlgorithm } from '@tagtrail/image-reference';
import { type Descriptor, decodeManifest, MEDIA_TYPE } from '@tagtrail/oci';
import { decodeText } from './content-digest.ts';
import type { RegistryLimits } from './limits.ts';
import { nextPage } from './next-page.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryExchange } from './registry-exchange.ts';
import {
  checkTarget,
  manifestPath,
  nameOf,
  type RepositoryTarget,
  referrersPath,
} from './repository-target.ts';

/** A manifest that says it belongs to another one. */
export type Referrer = Pick<
  Descriptor,
  'mediaType' | 'digest' | 'size' | 'artifactType' | 'annotations'
>;

/** The manifests that say they belong to one, each once, in the registry's order. */
export interface FetchedReferrers {
  readonly manifests: readonly Referrer[];
}

type ReferrerLimits = Pick<
  RegistryLimits,
  'referrers' | 'referrerPages' | 'referrersBytes' | 'annotationBytes'
>;

export interface ReferrersRequest {
  readonly target: RepositoryTarget;
  readonly digest: Digest;
  readonly limits: ReferrerLimits;
}

const OK = 200;
const NOT_FOUND = 404;
/** Answers of registries that do not know the question. */
const UNSUPPORTED: ReadonlySet<number> = new Set([NOT_FOUND, 405, 501]);
const HTML = 'text/html';
const FIRST_PAGE = '';
/** Characters of a digest's hexadecimal part in a tag. Source: distribution-spec, "Referrers Tag Schema". */
const TAGGED_HEX = 64;

/** The referrers of a manifest, as `RegistryClient.fetchReferrers` describes them. */
export async function fetchReferrers(
  exchange: RegistryExchange,
  { target, digest, limits }: ReferrersRequest,
  signal: AbortSignal,
): Promise<FetchedReferrers> {
  checkTarget(target);
  const list = new ReferrerList(`${nameOf(target)}@${digest}: list of referrers`, limits);
  const path = referrersPath(target, digest);
  const cursors = new Set<string>();
  let query: string | undefined = FIRST_PAGE;
  while (query !== undefined) {
    list.checkCursor(cursors, query);
    cursors.add(query);
    const asked = { target, path: `${path}${query}` };
    const reply = await askForIndex(exchange, { ...asked, list }, signal);
    if (reply === undefined && query === FIRST_PAGE) {
      return readTagged(exchange, { target, digest, list }, signal);
    }
    if (reply === undefined)
      throw list.incomplete('the registry has no next page where it named one');
    list.add(reply.body, reply.mediaType);
    const next = nextPage(reply.link, target);
    if (next.kind === 'refused') throw list.incomplete(next.problem);
    query = next.kind === 'more' ? next.query : undefined;
  }
  return list.whole();
}

interface IndexReply {
  readonly body: Buffer;
  readonly mediaType: string;
  readonly link: string | undefined;
}

interface IndexRequest {
  readonly target: RepositoryTarget;
  readonly path: string;
  readonly list: ReferrerList;
}

/** Undefined when there is none: also when a page for people came in its place. Source: GHCR, which redirects to one. */
async function askForIndex(
  exchange: RegistryExchange,
  { target, path, list }: IndexRequest,
  signal: AbortSignal,
): Promise<IndexReply | undefined> {
  const { subject, bytesLeft: bodyLimit } = list;
  const asked = { target, method: 'GET', path, accept: MEDIA_TYPE.ociIndex, bodyLimit } as const;
  const { reply, error } = await exchange.send({ ...asked, subject }, signal);
  if (UNSUPPORTED.has(reply.status)) return undefined;
  if (reply.status !== OK) throw error();
  const { link, 'content-type': mediaType = '' } = reply.headers;
  const [type = ''] = mediaType.split(';', 1);
  if (type.trim().toLowerCase() === HTML) return undefined;
  return { body: reply.body, mediaType, link: [link ?? []].flat().join(', ') };
}

/** For registries that do not answer the question: clients keep the list under a tag that they make of the digest. */
async function readTagged(
  exchange: RegistryExchange,
  {
    target,
    digest,
    list,
  }: Pick<ReferrersRequest, 'target' | 'digest'> & { readonly list: ReferrerList },
  signal: AbortSignal,
): Promise<FetchedReferrers> {
  const algorithm = digestAlgorithm(digest);
  const hex = digest.slice(algorithm.length + 1).slice(0, TAGGED_HEX);
  const path = manifestPath(target, `${algorithm}-${hex}`);
  const reply = await askForIndex(exchange, { target, path, list }, signal);
  if (reply !== undefined) list.add(reply.body, reply.mediaType);
  return list.whole();
}

/** Puts pages together, within the limits. */
class ReferrerList {
  readonly subject: string;
  readonly #limits: ReferrerLimits;
  readonly #found = new Map<Digest, Referrer>();
  #bytes = 0;

  constructor(subject: string, limits: ReferrerLimits) {
    this.subject = subject;
    this.#limits = limits;
  }

  /** What the next page may have. */
  get bytesLeft(): number {
    return this.#limits.referrersBytes - this.#bytes;
  }

  checkCursor(cursors: ReadonlySet<string>, query: string): void {
    const { referrerPages } = this.#limits;
    if (cursors.has(query)) throw this.incomplete('its pages go round in circles');
    if (cursors.size >= referrerPages) throw this.incomplete(`more than ${referrerPages} pages`);
  }

  add(body: Buffer, contentType: string): void {
    this.#bytes += body.length;
    const decoded = decodeManifest(decodeText(body, this.subject), contentType);
    if (!decoded.ok) throw this.#invalid(decoded.message);
    const { manifest } = decoded;
    if (manifest.kind !== 'index' || manifest.mediaType !== MEDIA_TYPE.ociIndex) {
      throw this.#invalid('the registry sent something else than an image index');
    }
    for (const entry of manifest.manifests) this.#keep(entry);
  }

  whole(): FetchedReferrers {
    return { manifests: [...this.#found.values()] };
  }

  incomplete(problem: string): RegistryError {
    return new RegistryError('RegistryError', `${this.subject}: ${problem}; nothing of it is used`);
  }

  #keep({ mediaType, digest, size, artifactType, annotations }: Descriptor): void {
    const { referrers, annotationBytes } = this.#limits;
    if (this.#found.has(digest)) return;
    if (this.#found.size >= referrers) throw this.incomplete(`more than ${referrers} referrers`);
    if (annotations !== undefined && sizeOf(annotations) > annotationBytes) {
      throw this.incomplete(
        `the annotations of ${digest} are larger than ${annotationBytes} bytes`,
      );
    }
    this.#found.set(digest, {
      mediaType,
      digest,
      size,
      ...(artifactType !== undefined && { artifactType }),
      ...(annotations !== undefined && { annotations }),
    });
  }

  #invalid(problem: string): RegistryError {
    return new RegistryError('InvalidManifest', `${this.subject}: ${problem}`);
  }
}

function sizeOf(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
}
