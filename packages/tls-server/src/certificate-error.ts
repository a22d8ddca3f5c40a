/** What the operating system says when a file can't be read, in words. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

/** The certificate that shall be served can't be; names the file and its setting. It never shows what is in a file. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly code = 'cannot-serve-certificate';
  readonly retryable = false;
}

/** The error for a file that can't be read; `file` is its path with its setting. */
export function unreadable(file: string, cause: unknown): CertificateError {
  const code = cause instanceof Error ? String((cause as { code?: unknown }).code) : '';
  return new CertificateError(`cannot read ${file}: ${CAUSES[code] ?? code}`, { cause });
}
