export type HealthServerErrorCode = 'address-in-use' | 'address-not-available' | 'listen-failed';

/** The health server could not be opened. */
export class HealthServerError extends Error {
  override readonly name = 'HealthServerError';
  readonly code: HealthServerErrorCode;
  readonly retryable = false;

  constructor(code: HealthServerErrorCode, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const CODES: Readonly<Record<string, HealthServerErrorCode>> = {
  EADDRINUSE: 'address-in-use',
  EADDRNOTAVAIL: 'address-not-available',
  ENOTFOUND: 'address-not-available',
};

/** Words a failed listen for the operator who chose the address. */
export function listenError(address: string, cause: NodeJS.ErrnoException): HealthServerError {
  const code = CODES[cause.code ?? ''] ?? 'listen-failed';
  const reason = code === 'listen-failed' ? cause.message : code.replaceAll('-', ' ');
  return new HealthServerError(code, `health server cannot listen on ${address}: ${reason}`, cause);
}
