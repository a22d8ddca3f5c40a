import type { AccessToken, AccessTokenRecord } from './access-token.ts';

export type TokenCreation =
  | 'created'
  /** A token that still counts has the name, or one has the id. */
  | 'conflict'
  /** There are as many tokens as there may be. */
  | 'full';

/** PORT. Access tokens, without their texts. Every method throws AccessControlError. */
export interface AccessTokenStore extends AsyncDisposable {
  /** Takes away those that have long expired, and one of the same name that has expired. */
  create(record: AccessTokenRecord): Promise<TokenCreation>;
  read(id: string): Promise<AccessTokenRecord | undefined>;
  /** All tokens in the order of their names, expired ones too. */
  list(): Promise<readonly AccessToken[]>;
  /** Whether there was one. From then on no `read` finds it. */
  remove(id: string): Promise<boolean>;
}
