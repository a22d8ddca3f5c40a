/*
 * Where the token is kept between two loads of the page: in the storage of this tab. It ends with the tab, other tabs and
 * sites do not see it, and no browser sends it along by itself as it does a cookie, so that no page of another site can
 * act in its name. The strict content security policy keeps foreign scripts, which could read it, out.
 */
const KEY = 'tagtrail.token';

export function readKeptToken(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined; // storage is switched off: the token lives as long as the page
  }
}

export function keepToken(token: string): void {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // As above.
  }
}

export function forgetToken(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
