import { RegistryError, type RepositoryTarget } from '@tagtrail/registry-client';
import { type MirrorPlace, type MirrorSetting, placesOf } from './mirror-places.ts';
import { beginPatience } from './patience.ts';

/** ms for which a mirror that could not be reached is passed over: else each request of a look would wait for it. */
const MIRROR_REST = 60_000;
/** Digests whose teller is remembered: more than there are looks under way in a worker. */
const NAMED_DIGESTS = 2_048;

export interface Question {
  readonly target: RepositoryTarget;
  readonly kind: 'tag' | 'digest' | 'list';
  readonly signal: AbortSignal;
}

/** `begun` says that the place is answering, however long that takes: then it is not given up for being slow. */
export type Ask<T> = (
  target: RepositoryTarget,
  signal: AbortSignal,
  begun: () => void,
) => Promise<T>;

export interface MirroredPlacesParts {
  readonly mirrors: readonly MirrorSetting[];
  readonly now: () => number;
  /** ms for one request to a mirror behind which there is another place to ask. */
  readonly patience: number;
}

/** Asks one place after the other. */
export class MirroredPlaces {
  readonly #parts: MirroredPlacesParts;
  /** Until when a registry is passed over, where it is a mirror; never more entries than the setting has locations. */
  readonly #resting = new Map<string, number>();
  /** Which mirror has named a digest last, of those that looks have under way. */
  readonly #named = new Map<string, string>();

  constructor(parts: MirroredPlacesParts) {
    this.#parts = parts;
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
    if (endpoint !== undefined) this.#resting.set(endpoint, this.#parts.now() + MIRROR_REST);
  }

  async ask<T>({ target, kind, signal }: Question, ask: Ask<T>): Promise<T> {
    const all = placesOf(target, kind, this.#parts.mirrors);
    const awake = all.filter((place) => !this.#isResting(place));
    const [...places] = awake.length === 0 ? all : awake;
    const last = places.pop();
    for (const place of places) {
      const patience = beginPatience(this.#parts.patience, signal);
      try {
        return await ask(place.target, patience.signal, patience.end);
      } catch (error) {
        if (signal.aborted || !(error instanceof RegistryError)) throw error;
        if (isAboutPlace(error)) this.#rest(place);
      } finally {
        patience.end();
      }
    }
    if (last === undefined) throw nobodyToAsk(target, kind);
    return ask(last.target, signal, () => {});
  }

  #isResting({ isMirror, target }: MirrorPlace): boolean {
    return isMirror && (this.#resting.get(target.endpoint) ?? 0) > this.#parts.now();
  }

  #rest({ target }: MirrorPlace): void {
    this.#resting.set(target.endpoint, this.#parts.now() + MIRROR_REST);
  }
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

const WANTED = { digest: 'content by digest', tag: 'tags', list: 'lists' } as const;

function nobodyToAsk({ registry, repository }: RepositoryTarget, kind: Question['kind']): Error {
  const setting = 'registries.mirrors names none that may, and says never to ask the source';
  return new RegistryError(
    'RegistryError',
    `${registry}/${repository}: nobody to ask for ${WANTED[kind]}: ${setting}`,
  );
}
