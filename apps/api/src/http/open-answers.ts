import type { ServerResponse } from 'node:http';
import { ACCESS_FRESHNESS, type Authenticator, type Principal } from '@tagtrail/access-control';

/** ms between two looks: as often as there can be anything new to learn. */
const LOOK_INTERVAL = ACCESS_FRESHNESS;

/**
 * The answers under way of whoever showed an access token. A watch or an export may take an hour, and a token that was
 * revoked or has expired should not be of use for so long.
 */
export class OpenAnswers {
  readonly #authenticator: Pick<Authenticator, 'find'>;
  readonly #open = new Map<ServerResponse, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(authenticator: Pick<Authenticator, 'find'>) {
    this.#authenticator = authenticator;
  }

  /** Notes an answer until it is over. */
  enter(response: ServerResponse, { tokenId }: Principal): void {
    if (tokenId === undefined) return;
    this.#open.set(response, tokenId);
    response.once('close', () => this.#open.delete(response));
  }

  /** Looks again and again, until `stop`. */
  start(): void {
    this.#timer = setInterval(() => void this.cutRevoked(), LOOK_INTERVAL).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Cuts off every answer whose token counts no more. Never rejects. */
  async cutRevoked(): Promise<void> {
    await Promise.all([...this.#open].map((answer) => this.#cutIfRevoked(answer)));
  }

  async #cutIfRevoked([response, tokenId]: [ServerResponse, string]): Promise<void> {
    try {
      if ((await this.#authenticator.find(tokenId)) === undefined) response.destroy();
    } catch {
      // Nobody can say whether it was revoked: the next look may.
    }
  }
}
