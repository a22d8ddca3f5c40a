/** How clients must prove who they are. */
export type AuthKind = 'none' | 'basic' | 'bearer';

export interface AuthTerms {
  /**
   * The one account. Without it `basic` takes any user and password, and `bearer` gives tokens to
   * everybody, as public registries do.
   */
  readonly username?: string;
  readonly password?: string;
  /**
   * `opaque` unless told. A `jwt` has three parts and honest `iat` and `exp`, but no real
   * signature.
   */
  readonly tokens?: 'opaque' | 'jwt';
  /** Seconds a token is good for; 300 unless told. */
  readonly expiresIn?: number;
  /** False leaves `expires_in` and `issued_at` out of the token reply, as Quay does. */
  readonly announceExpiry?: boolean;
}
