import { isDigest } from '@tagtrail/image-reference';
import {
  RegistryError,
  type RegistryProbe,
  type RepositoryTarget,
} from '@tagtrail/registry-client';
import { type MirrorPlace, type MirrorSetting, placesOf } from './mirror-places.ts';

/** ms for one request to a mirror behind which there is another place to ask: a look has 10 s for all of them. */
const MIRROR_PATIENCE = 3_000;
/** ms for which a mirror that could not be reached is passed over: else each request of a look would wait for it. */
const MIRROR_REST = 60_000;
/** Digests whose teller is remembered: more than there are looks under way in a worker. */
const NAMED_DIGESTS = 2_048;

export interface MirrorOptions {
  readonly mirrors: readonly MirrorSetting[];
  /** ms since the epoch. */
  readonly now?: () => number;
}

/**
 * The client, with other registries asked in place of those that sources name: in order, each one that the setting lets
 * answer, then the source itself. What fails at one place is asked for at the next; the last one's failure is told.
 * Content asked for by digest is verified wherever it comes from.
 */
export function mirrorRegistry(
  client: RegistryProbe,
  { mirrors, now = Date.now }: MirrorOptions,
): RegistryProbe {
  if (mirrors.length === 0) return client;
  const places = new MirroredPlaces(mirrors, now);
  const kindOf = (reference: string) => (isDigest(reference) ? 'digest' : 'tag');
  return {
    headManifest: (target, reference, signal) =>
      places.ask({ target, kind: kindOf(reference), signal }, async (place, bounded) => {
        const head = await client.headManifest(place, reference, bounded);
        const isMirror = place.endpoint !== target.endpoint;
        if (isMirror && head.digest !== undefined) places.named(head.digest, place.endpoint);
        return head;
      }),
    async fetchManifest(target, reference, signal) {
      try {
        return await places.ask({ target, kind: kindOf(reference), signal }, (place, bounded) =>
          client.fetchManifest(place, reference, bounded),
        );
      } catch (error) {
        if (hasNotWhatItNamed(error)) places.restWhoNamed(reference);
        throw error;
      }
    },
    fetchBlob: (target, descriptor, signal) =>
      places.ask({ target, kind: 'digest', signal }, (place, bounded) =>
        client.fetchBlob(place, descriptor, bounded),
      ),
    listTags: (target, signal) =>
      places.ask({ target, kind: 'list', signal }, (place, bounded) =>
        client.listTags(place, bounded),
      ),
    firstTagPage: (target, signal) =>
      places.ask({ target, kind: 'list', signal }, (place, bounded) =>
        client.firstTagPage(place, bounded),
      ),
    ping: (target, signal) => client.ping(target, signal),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

interface Question {
  readonly target: RepositoryTarget;
  readonly kind: 'tag' | 'digest' | 'list';
  readonly signal: AbortSignal;
}

type Ask<T> = (target: RepositoryTarget, signal: AbortSignal) => Promise<T>;

class MirroredPlaces {
  readonly #mirrors: readonly MirrorSetting[];
  readonly #now: () => number;
  /** Until when a registry is passed over, where it is a mirror; never more entries than the setting has locations. */
  readonly #resting = new Map<string, number>();
  /** Which mirror has named a digest last, of those that looks have under way. */
  readonly #named = new Map<string, string>();

  constructor(mirrors: readonly MirrorSetting[], now: () => number) {
    this.#mirrors = mirrors;
    this.#now = now;
  }

  /** A mirror has told that a tag points to this. */
  named(digest: string, endpoint: string): void {
    this.#named.delete(digest);
    this.#named.set(digest, endpoint);
    const [oldest] = this.#named.keys();
    if (this.#named.size > NAMED_DIGESTS && oldest !== undefined) this.#named.delete(oldest);
  }

  /** Nobody has it: whoever has named it is not believed for a while, so that the next look asks somebody else for the tag. */
  restWhoNamed(digest: string): void {
    const endpoint = this.#named.get(digest);
    if (endpoint !== undefined) this.#resting.set(endpoint, this.#now() + MIRROR_REST);
  }

  async ask<T>({ target, kind, signal }: Question, ask: Ask<T>): Promise<T> {
    const all = placesOf(target, kind, this.#mirrors);
    const awake = all.filter((place) => !this.#isResting(place));
    const [...places] = awake.length === 0 ? all : awake;
    const last = places.pop();
    for (const place of places) {
      try {
        return await ask(place.target, boundedBy(place, signal));
      } catch (error) {
        if (signal.aborted || !(error instanceof RegistryError)) throw error;
        if (isAboutPlace(error)) this.#rest(place);
      }
    }
    if (last === undefined) throw nobodyToAsk(target, kind);
    return ask(last.target, signal);
  }

  #isResting({ isMirror, target }: MirrorPlace): boolean {
    return isMirror && (this.#resting.get(target.endpoint) ?? 0) > this.#now();
  }

  #rest({ target }: MirrorPlace): void {
    this.#resting.set(target.endpoint, this.#now() + MIRROR_REST);
  }
}

function boundedBy({ isMirror }: MirrorPlace, signal: AbortSignal): AbortSignal {
  return isMirror ? AbortSignal.any([signal, AbortSignal.timeout(MIRROR_PATIENCE)]) : signal;
}

/** Gone, or other bytes than the digest says. */
function hasNotWhatItNamed(error: unknown): boolean {
  const isOurs = error instanceof RegistryError;
  return isOurs && (error.code === 'NotFound' || error.code === 'InvalidManifest');
}

/** Whether it is the mirror that fails, and not this one image. */
function isAboutPlace({ code, status = 0 }: RegistryError): boolean {
  return ABOUT_PLACE.has(code) || status >= FIRST_SERVER_ERROR;
}

const FIRST_SERVER_ERROR = 500;
const ABOUT_PLACE: ReadonlySet<string> = new Set([
  'ConnectionFailed',
  'Timeout',
  'TLSError',
  'TooManyRequests',
]);

function nobodyToAsk({ registry, repository }: RepositoryTarget, kind: Question['kind']): Error {
  const what = kind === 'digest' ? 'content by digest' : 'tags';
  const setting = 'registries.mirrors names none that may, and says never to ask the source';
  return new RegistryError(
    'RegistryError',
    `${registry}/${repository}: nobody to ask for ${what}: ${setting}`,
  );
}
