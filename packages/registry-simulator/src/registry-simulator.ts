import { once } from 'node:events';
import type { Server } from 'node:net';
import type { Push } from './content/push.ts';
import type { FaultTable } from './faults/fault-table.ts';
import type { ImageSpec } from './image/image-spec.ts';
import type { RegistryFront } from './registry-front.ts';
import { createRegistryServer } from './registry-server.ts';
import { SimulatorState } from './simulator-state.ts';
import type { AuthKind, AuthTerms } from './wire/auth-terms.ts';
import { Authority } from './wire/authority.ts';
import type { RequestRecord } from './wire/request-record.ts';

export interface SimulatorOptions {
  /**
   * Address to listen on; loopback unless told. The control API answers loopback clients alone
   * anyway.
   */
  readonly host?: string;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /**
   * ms since the epoch: dates of pushes and requests, age of tokens. Latency is always real time.
   */
  readonly now?: () => number;
}

/**
 * A registry of its own host: open several for several registries. Disposing drops every
 * connection.
 */
export interface RegistrySimulator extends AsyncDisposable {
  /** `127.0.0.1:41234`, as it stands in image references. */
  readonly host: string;
  /** `http://` and the host. */
  readonly url: string;
  readonly faults: FaultTable;
  /**
   * The ledger, in order: what the tags really did. A copy; the oldest beyond 100 000 are
   * forgotten.
   */
  readonly pushes: readonly Push[];
  /**
   * All registry and token requests in order of arrival. A copy; the oldest beyond 100 000 are
   * forgotten.
   */
  readonly requests: readonly RequestRecord[];
  /**
   * Makes an image (a new one each time, unless the spec pins it) and moves the tag to it.
   * Throws SimulatorError `InvalidName`, `InvalidRequest`, `UnknownDigest` or `LimitReached`.
   */
  push(repository: string, tag: string, image?: ImageSpec): Push;
  /** False when there was no such tag. Its image stays, by digest. */
  deleteTag(repository: string, tag: string): boolean;
  /** From now on. Tokens issued before are refused. */
  requireAuth(kind: AuthKind, terms?: AuthTerms): void;
  clearRequests(): void;
  /** The first request that matches, logged or still to come. Rejects when aborted or disposed. */
  waitForRequest(
    matches: (request: RequestRecord) => boolean,
    signal?: AbortSignal,
  ): Promise<RequestRecord>;
  /**
   * The first push that matches, in the ledger or still to come. Rejects when aborted or disposed.
   */
  waitForPush(matches: (push: Push) => boolean, signal?: AbortSignal): Promise<Push>;
}

/** Opens a registry on a real port. Rejects with Node's error when it cannot listen there. */
export async function openRegistrySimulator(
  options: SimulatorOptions = {},
): Promise<RegistrySimulator> {
  const state = new SimulatorState(options.now ?? Date.now);
  const closing = new AbortController();
  const front = createRegistryServer(state, closing.signal);
  front.listener.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(front.listener, 'listening');
  return new ListeningSimulator(state, front, closing);
}

class ListeningSimulator implements RegistrySimulator {
  readonly host: string;
  readonly url: string;
  readonly #state: SimulatorState;
  readonly #front: RegistryFront;
  readonly #closing: AbortController;

  constructor(state: SimulatorState, front: RegistryFront, closing: AbortController) {
    this.#state = state;
    this.#front = front;
    this.#closing = closing;
    this.host = hostOf(front.listener);
    this.url = `http://${this.host}`;
  }

  get faults(): FaultTable {
    return this.#state.faults;
  }

  get pushes(): readonly Push[] {
    return this.#state.pushes.records;
  }

  get requests(): readonly RequestRecord[] {
    return this.#state.requests.records;
  }

  push(repository: string, tag: string, image: ImageSpec = {}): Push {
    return this.#state.push({ repository, tag, image });
  }

  deleteTag(repository: string, tag: string): boolean {
    return this.#state.deleteTag(repository, tag);
  }

  requireAuth(kind: AuthKind, terms: AuthTerms = {}): void {
    this.#state.authority = new Authority(kind, terms, this.#state.now);
  }

  clearRequests(): void {
    this.#state.requests.clear();
  }

  waitForRequest(
    matches: (request: RequestRecord) => boolean,
    signal?: AbortSignal,
  ): Promise<RequestRecord> {
    return this.#state.requests.find(matches, this.#orClosing(signal));
  }

  waitForPush(matches: (push: Push) => boolean, signal?: AbortSignal): Promise<Push> {
    return this.#state.pushes.find(matches, this.#orClosing(signal));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new Error('the registry simulator was closed'));
    const { listener } = this.#front;
    const closed = once(listener, 'close');
    listener.close();
    this.#front.hangUp();
    await closed;
  }

  #orClosing(signal: AbortSignal | undefined): AbortSignal {
    const closing = this.#closing.signal;
    return signal ? AbortSignal.any([signal, closing]) : closing;
  }
}

/** An address that clients on this machine can dial, also when listening on all of them. */
function hostOf(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('listening on no TCP port');
  const wildcard = bound.address === '0.0.0.0' || bound.address === '::';
  const address = wildcard ? '127.0.0.1' : bound.address;
  return `${address.includes(':') ? `[${address}]` : address}:${bound.port}`;
}
