import { AsyncLocalStorage } from 'node:async_hooks';
import type { Redis } from 'ioredis';
import { GatheringClient } from './gathering-client.ts';
import { RedisConnectionError } from './redis-connection-error.ts';

type SendCommand = Redis['sendCommand'];

/**
 * An ioredis client that refuses commands while its gate is shut. ioredis alone would let a command through as
 * soon as a new connection is ready, before `onConnected` could look at which run of the server it reached.
 */
export class GuardedClient extends GatheringClient {
  /** The connection that `admit` lets the current call chain use although the gate is shut. */
  readonly #admitted = new AsyncLocalStorage<number>();
  #connection = 0;
  #open = false;

  /** Counts connections, so that work for an earlier one is recognised as such. */
  get connection(): number {
    return this.#connection;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  shut(): void {
    this.#open = false;
    this.#connection += 1;
  }

  open(): void {
    this.#open = true;
  }

  /** Runs `work` with access to the present connection only. */
  admit<T>(work: () => Promise<T>): Promise<T> {
    return this.#admitted.run(this.#connection, work);
  }

  /** Every command passes here, those of pipelines and scripts too. */
  override sendCommand(...[command, stream]: Parameters<SendCommand>): ReturnType<SendCommand> {
    if (this.status === 'ready' && !this.#mayPass()) {
      command.reject(
        new RedisConnectionError('unavailable', 'the Redis connection is not ready to be used yet'),
      );
      return command.promise;
    }
    return super.sendCommand(command, stream);
  }

  #mayPass(): boolean {
    return this.#open || this.#admitted.getStore() === this.#connection;
  }
}
