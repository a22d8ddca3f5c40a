import { randomUUID } from 'node:crypto';
import { defineScript, type GuardedRedis, slotKey } from '@tagtrail/redis-connection';
import type { KeptToken, TokenStore, TokenTurn } from '@tagtrail/registry-ledger';
import type { SecretCipher } from '@tagtrail/secret-cipher';

const turnScript = defineScript(new URL('./turn.lua', import.meta.url));
const keepScript = defineScript(new URL('./keep.lua', import.meta.url));
const giveUpScript = defineScript(new URL('./give-up.lua', import.meta.url));
const refuseScript = defineScript(new URL('./refuse.lua', import.meta.url));

/** ms that a caller has its turn: a token request has 15 s, and whoever dies meanwhile keeps nobody longer than this. */
const TURN_LIFETIME = 20_000;
/** ms of life below which a kept token is not handed out: it would end on its way to the registry. */
const SHORTEST_REST = 250;

export interface RedisTokensParts {
  readonly guarded: GuardedRedis;
  readonly slot: string;
  readonly cipher: SecretCipher;
  /** Is told when the store is out of use, and everybody asks for themselves. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Tokens in Redis, sealed. Neither a key nor a value tells whose credentials a token was made with: ids and tokens are
 * compared by their marks.
 */
export class RedisTokens implements TokenStore {
  readonly #parts: RedisTokensParts;
  /** Tells this process's turns from others'. */
  readonly #name = randomUUID();

  constructor(parts: RedisTokensParts) {
    this.#parts = parts;
  }

  async turn(id: string, stale: KeptToken | undefined): Promise<TokenTurn> {
    const { cipher } = this.#parts;
    const [token, lease] = this.#keys(id);
    const mark = stale === undefined ? '' : cipher.mark(stale.value);
    const args = [mark, this.#name, TURN_LIFETIME, SHORTEST_REST];
    const reply = await this.#orTrouble(() =>
      turnScript(this.#parts.guarded.redis, [token, lease], args),
    );
    const [kind, sealed, lifetime, rest] = (reply ?? ['ask']) as (string | number)[];
    if (kind !== 'kept') return { kind: kind === 'wait' ? 'wait' : 'ask' };
    const value = this.#open(String(sealed), token);
    if (value === undefined) return { kind: 'ask' };
    // The server's clock counts the rest: those of processes may differ.
    const issuedAt = Date.now() + Number(rest) - Number(lifetime);
    return { kind: 'kept', token: { value, lifetime: Number(lifetime), issuedAt } };
  }

  async keep(id: string, { value, lifetime, issuedAt }: KeptToken): Promise<void> {
    const { cipher, guarded } = this.#parts;
    const [token, lease] = this.#keys(id);
    const rest = Math.round(issuedAt + lifetime - Date.now());
    if (rest <= 0) return this.giveUp(id);
    const sealed = cipher.seal(value, token);
    const args = [cipher.mark(value), sealed, Math.round(lifetime), rest, this.#name];
    await this.#orTrouble(() => keepScript(guarded.redis, [token, lease], args));
  }

  async giveUp(id: string): Promise<void> {
    const [, lease] = this.#keys(id);
    await this.#orTrouble(() => giveUpScript(this.#parts.guarded.redis, [lease], [this.#name]));
  }

  async refused(id: string, value: string): Promise<void> {
    const { cipher, guarded } = this.#parts;
    const [token] = this.#keys(id);
    await this.#orTrouble(() => refuseScript(guarded.redis, [token], [cipher.mark(value)]));
  }

  #keys(id: string): readonly [token: string, lease: string] {
    const { slot, cipher } = this.#parts;
    const mark = cipher.mark(id);
    return [slotKey(slot, 'token', mark), slotKey(slot, 'token-turn', mark)];
  }

  /** Undefined for what was sealed by a process with another key: it is of no use here. */
  #open(sealed: string, place: string): string | undefined {
    try {
      return this.#parts.cipher.open(sealed, place);
    } catch (error) {
      this.#parts.onTrouble(error);
      return undefined;
    }
  }

  async #orTrouble(call: () => Promise<unknown>): Promise<unknown> {
    try {
      return await call();
    } catch (error) {
      this.#parts.onTrouble(error);
      return undefined;
    }
  }
}
