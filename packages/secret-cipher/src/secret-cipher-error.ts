/** Why something is not sealed or opened. */
export type SecretCipherErrorCode =
  /** It was sealed with a key that is not among the known ones; the message names both by their ids. */
  | 'wrong-key'
  /** It was changed, is sealed for another place, or was never sealed text. */
  | 'damaged'
  /** A key has another length, or a key file something else than keys in it. */
  | 'invalid-key'
  /** A file is there already, where a new key shall not replace one that things are sealed with. */
  | 'key-file-exists'
  /** The key file can't be read or written, or others can read it; the message says how to mend that. */
  | 'key-file-not-usable';

/** The one error of this package. Trying again changes nothing. No message holds a key or what was sealed. */
export class SecretCipherError extends Error {
  override readonly name = 'SecretCipherError';
  readonly code: SecretCipherErrorCode;
  readonly retryable = false;

  constructor(code: SecretCipherErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
