/** What the operating system says when an address can't be had, in words. */
const CAUSES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there already',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not take that port',
  ENOTFOUND: 'no such host',
};

/** The API's address could not be had; names it and the setting to change. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code = 'cannot-listen';
  readonly retryable = false;

  constructor({ host, port }: { readonly host: string; readonly port: number }, cause: unknown) {
    const code = cause instanceof Error ? String((cause as { code?: unknown }).code) : '';
    const reason = CAUSES[code] ?? code;
    super(`cannot listen on ${host}:${port} (api.host, api.port): ${reason}`, { cause });
  }
}
