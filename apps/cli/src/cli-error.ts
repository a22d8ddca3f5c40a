/** What kind of local problem ended a command; each prints one line and exits 1. */
export type CliErrorCode =
  | 'usage'
  | 'kubeconfig'
  | 'manifest'
  | 'archive'
  | 'connection'
  | 'settings'
  | 'key-file'
  | 'data-folder'
  | 'port-taken'
  | 'redis'
  | 'not-ready';

/**
 * A problem on this side of the wire. Printed as `error: MESSAGE`, a line for each line of the message; lower case,
 * without secrets. `hint` is printed below it as it is.
 */
export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly retryable: boolean;
  readonly hint: string | undefined;

  constructor(
    code: CliErrorCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean; hint?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CliError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.hint = options.hint;
  }
}

/** The part of an unknown error that is fit for one line on a terminal. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `code` of a Node system error (`ENOENT`), or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'address not available',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EISDIR: 'is a directory',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENOTFOUND: 'host not found',
  ENXIO: 'nobody reads it',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
};

/** A system error in words (`permission denied`), any other error's message. */
export function describeSystemError(error: unknown): string {
  const code = systemErrorCode(error);
  return (code === undefined ? undefined : SYSTEM_ERRORS[code]) ?? errorMessage(error);
}
