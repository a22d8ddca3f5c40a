/** Characters of an Authorization header that are looked at. */
const HEADER_LIMIT = 4_096;

/** The token that an Authorization header carries; undefined for any other header. Source: RFC 6750 §2.1. */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > HEADER_LIMIT) return undefined;
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1];
}
