import { AccessControlError } from '../access-control-error.ts';
import type { AccessTokenRecord } from '../access-token.ts';
import type { AccessTokenStore } from '../access-token-store.ts';
import { createAccessToken } from '../create-access-token.ts';
import type { AccessTokenDraft } from '../validate-access-token.ts';

/** A store that counts what it is asked, and can go away. */
export class MemoryTokens implements Pick<AccessTokenStore, 'read'> {
  readonly records = new Map<string, AccessTokenRecord>();
  isAway = false;
  reads = 0;

  async read(id: string): Promise<AccessTokenRecord | undefined> {
    this.reads += 1;
    if (this.isAway) throw new AccessControlError('unavailable', 'no Redis');
    return this.records.get(id);
  }

  /** Makes a token and keeps it. Answers its record and its text. */
  add(draft: Partial<AccessTokenDraft> = {}, now = 0) {
    const grants = [{ role: 'view', namespace: 'demo' }];
    const whole = { name: 'ci', grants, ...draft };
    const made = createAccessToken(whole, { createdBy: 'admin', now });
    if (!made.ok) throw new Error(JSON.stringify(made.problems));
    this.records.set(made.record.id, made.record);
    return made;
  }
}
