import {
  type ManifestHead,
  type RegistryClient,
  RegistryError,
  type RepositoryTarget,
} from '@tagtrail/registry-client';

export interface HeadQuestion {
  readonly target: RepositoryTarget;
  /** A tag or a digest. */
  readonly reference: string;
  /** Whose credentials are shown; a question with others may get another answer. */
  readonly credentials: string;
  /** Of the look that asks. */
  readonly fence: number;
}

export interface JointHead {
  readonly head: ManifestHead;
  /** Of the look that sent the request: the answer may be as old as that, and counts as no newer. */
  readonly fence: number;
}

interface Asking {
  readonly fence: number;
  readonly answer: Promise<ManifestHead>;
}

/**
 * Looks that ask a registry the same at the same time send one request: many streams follow the same upstream tag, and
 * tags of one repository come due together. A look that joins takes over the fence of the one that asked, which is older,
 * so that the order of looks stays true.
 */
export class JointHeads {
  readonly #client: Pick<RegistryClient, 'headManifest'>;
  /** By question; as many as there are jobs that run. */
  readonly #asking = new Map<string, Asking>();

  constructor(client: Pick<RegistryClient, 'headManifest'>) {
    this.#client = client;
  }

  async head(question: HeadQuestion, signal: AbortSignal): Promise<JointHead> {
    const key = keyOf(question);
    const running = this.#asking.get(key);
    if (running === undefined) return this.#ask(key, question, signal);
    try {
      return { head: await orAborted(running.answer, signal), fence: running.fence };
    } catch (error) {
      // What a registry says is said to all; that the other look was stopped is no answer for this one.
      if (error instanceof RegistryError || signal.aborted) throw error;
      return this.#ask(key, question, signal);
    }
  }

  async #ask(key: string, question: HeadQuestion, signal: AbortSignal): Promise<JointHead> {
    const { target, reference, fence } = question;
    const answer = this.#client.headManifest(target, reference, signal);
    const asking = { fence, answer };
    this.#asking.set(key, asking);
    try {
      return { head: await answer, fence };
    } finally {
      if (this.#asking.get(key) === asking) this.#asking.delete(key);
    }
  }
}

function keyOf({ target, reference, credentials }: HeadQuestion): string {
  const { endpoint, repository, insecure } = target;
  return [endpoint, repository, reference, insecure ? 'insecure' : '', credentials].join(' ');
}

/** Leaves the request to the look that sent it. */
function orAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    const done = () => signal.removeEventListener('abort', leave);
    answer.then(resolve, reject).finally(done);
  });
}
