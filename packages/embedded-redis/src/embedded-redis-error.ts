/** Why no embedded Redis could be given. */
export type EmbeddedRedisErrorCode =
  /** No server was found and none could be unpacked; the message names each way tried. */
  | 'no-server'
  /** Another living process owns the folder; the message names its pid. */
  | 'folder-owned'
  /** The folder can't be created or written; the message names its path. */
  | 'folder-not-writable'
  /** The server ended, or didn't answer in time; the message carries its last words. */
  | 'start-failed'
  /** The append-only log is damaged and could not be repaired. */
  | 'log-damaged';

/** The one error of this package. */
export class EmbeddedRedisError extends Error {
  override readonly name = 'EmbeddedRedisError';
  readonly code: EmbeddedRedisErrorCode;

  constructor(code: EmbeddedRedisErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
