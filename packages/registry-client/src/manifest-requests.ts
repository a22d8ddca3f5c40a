import { type Digest, digestAlgorithm, isDigest } from '@tagtrail/image-reference';
import { isSchema1Type, MANIFEST_ACCEPT, SCHEMA1_UNSUPPORTED } from '@tagtrail/oci';
import { computeDigest, decodeText, readDigestHeader } from './content-digest.ts';
import type { HostTraits } from './host-traits.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryAnswer, RegistryExchange, RegistryRequest } from './registry-exchange.ts';
import { checkTarget, manifestPath, nameOf, type RepositoryTarget } from './repository-target.ts';

export interface ManifestHead {
  /** What the reference points to; from the registry's header, or computed where that is missing. */
  readonly digest: Digest | undefined;
  readonly mediaType: string | undefined;
}

export interface FetchedManifest {
  /** Computed from the raw bytes; equal to the digest that was asked for. */
  readonly digest: Digest;
  readonly mediaType: string | undefined;
  /** The bytes, which are valid UTF-8: encoding the text again yields what the digest addresses. */
  readonly text: string;
}

const OK = 200;
const NOT_ACCEPTABLE = 406;
const HEAD_UNSUPPORTED: ReadonlySet<number> = new Set([405, 501]);
/** May be about HEAD itself: Nexus says 404, proxies that do not know HEAD say 400. */
const HEAD_DOUBTED: ReadonlySet<number> = new Set([400, 404]);
const ACCEPT_JSON = `${MANIFEST_ACCEPT}, application/json`;
/** Longest media type worth keeping. Source: RFC 6838 §4.2, 127 characters on each side of the slash. */
const MEDIA_TYPE_LENGTH = 255;

/** HEAD and GET of manifests. Both send the same Accept, because the digest depends on it. */
export class ManifestRequests {
  readonly #exchange: RegistryExchange;
  readonly #limit: number;

  constructor(exchange: RegistryExchange, limit: number) {
    this.#exchange = exchange;
    this.#limit = limit;
  }

  async head(
    target: RepositoryTarget,
    reference: string,
    signal: AbortSignal,
  ): Promise<ManifestHead> {
    const traits = this.#exchange.likelyTraits(target);
    if (traits.headIsPaused) return this.fetch(target, reference, signal);
    const request = this.#request('HEAD', { target, reference, traits });
    const answer = await this.#send(request, signal);
    const head = readHead(answer, reference, request.subject);
    if (head !== undefined) return head;
    if (!isDoubtful(answer)) answer.traits.pauseHead();
    const fetched = await this.fetch(target, reference, signal);
    answer.traits.pauseHead();
    return fetched;
  }

  async fetch(
    target: RepositoryTarget,
    reference: string,
    signal: AbortSignal,
  ): Promise<FetchedManifest> {
    const traits = this.#exchange.likelyTraits(target);
    const request = this.#request('GET', { target, reference, traits });
    const { subject } = request;
    const { reply, error } = await this.#send(request, signal);
    if (reply.status !== OK) throw error();
    const mediaType = readMediaType(reply.headers['content-type']);
    if (mediaType !== undefined && isSchema1Type(mediaType)) throw unsupported(subject);
    const named = digestIn(reference);
    const digest = computeDigest(reply.body, named && digestAlgorithm(named));
    if (named !== undefined && digest !== named) throw corrupt(subject);
    return { digest, mediaType, text: decodeText(reply.body, subject) };
  }

  /** Once more as JSON after a 406; the host is remembered, because HEAD and GET must accept the same. */
  async #send(request: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer> {
    const answer = await this.#exchange.send(request, signal);
    if (answer.reply.status !== NOT_ACCEPTABLE || answer.traits.wantsJson) return answer;
    answer.traits.wantJson();
    return this.#exchange.send({ ...request, accept: ACCEPT_JSON }, signal);
  }

  #request(method: 'HEAD' | 'GET', { target, reference, traits }: AskedManifest): RegistryRequest {
    checkTarget(target);
    const path = manifestPath(target, reference);
    const subject = `${nameOf(target)}${digestIn(reference) === undefined ? ':' : '@'}${reference}`;
    const accept = traits.wantsJson ? ACCEPT_JSON : MANIFEST_ACCEPT;
    return { target, method, path, accept, bodyLimit: this.#limit, subject };
  }
}

interface AskedManifest {
  readonly target: RepositoryTarget;
  readonly reference: string;
  readonly traits: HostTraits;
}

/** What {@link manifestPath} has let pass is a digest if it has a colon: no tag has one. */
function digestIn(reference: string): Digest | undefined {
  return reference.includes(':') ? (reference as Digest) : undefined;
}

/**
 * What a HEAD tells; undefined when only a GET can tell: HEAD is unsupported, brings no digest, or says "not found" on a
 * host where none has worked yet (Nexus answers 404 to HEAD and 200 to GET).
 */
function readHead(
  { reply, traits, error }: RegistryAnswer,
  reference: string,
  subject: string,
): ManifestHead | undefined {
  if (HEAD_UNSUPPORTED.has(reply.status)) return undefined;
  if (isDoubtful({ reply, traits })) return undefined;
  if (reply.status !== OK) throw error();
  traits.headWorked();
  const digest = digestOfHead(readDigestHeader(reply.headers['docker-content-digest']), reference);
  if (digest === 'mismatch') throw corrupt(subject);
  return digest && { digest, mediaType: readMediaType(reply.headers['content-type']) };
}

/** Whether the answer may be about HEAD itself: none has worked on this host yet. */
function isDoubtful({ reply, traits }: Pick<RegistryAnswer, 'reply' | 'traits'>): boolean {
  return HEAD_DOUBTED.has(reply.status) && !traits.headWorks;
}

/** A registry may name content by another algorithm than it was asked by; within one, names must agree. */
function digestOfHead(
  header: Digest | undefined,
  reference: string,
): Digest | 'mismatch' | undefined {
  if (!isDigest(reference)) return header;
  const comparable = header !== undefined && digestAlgorithm(header) === digestAlgorithm(reference);
  return comparable && header !== reference ? 'mismatch' : reference;
}

function readMediaType(header: string | undefined): string | undefined {
  const [type = ''] = (header ?? '').split(';', 1);
  const mediaType = type.trim().toLowerCase();
  return mediaType === '' || mediaType.length > MEDIA_TYPE_LENGTH ? undefined : mediaType;
}

function corrupt(subject: string): RegistryError {
  return new RegistryError(
    'InvalidManifest',
    `content integrity error: ${subject}: the registry sent something else than the digest names`,
  );
}

function unsupported(subject: string): RegistryError {
  return new RegistryError('UnsupportedManifest', `${subject}: ${SCHEMA1_UNSUPPORTED}`);
}
