/*
 * These read running text and lines of JSON alike. A backslash is only ever taken together with what it escapes, so that
 * cutting keeps JSON whole; JSON's escaped line breaks end a URL as real ones do. A quote may stand in a badly escaped
 * password, hence the escaped one doesn't end the userinfo. Schemes are bounded to keep the search linear.
 */
const USERINFO = /\b((?!rediss?:)[a-z][a-z0-9+.-]{0,20}:\/\/)(?:[^\s"\\/?#]|\\[^nrt])*@/gi;
/** A Redis URL's path is a number at most, so every `@` in it belongs to the password; elsewhere it may start a digest. */
const REDIS_USERINFO = /\b(rediss?:\/\/)(?:[^\s"\\]|\\[^nrt])*@/gi;
const QUERY =
  /\b([a-z][a-z0-9+.-]{0,20}:\/\/(?:[^\s"'<>`\\?]|\\[^nrt"])*)\?(?:[^\s"'<>`\\]|\\[^nrt"])*/gi;

/**
 * Takes the userinfo and the query out of every URL in a text or in a line of JSON, because that is where URLs carry
 * secrets (`redis://:password@host`, `unix:///r.sock?password=…`, presigned `?X-Amz-Signature=…`).
 */
export function redactUrls(text: string): string {
  if (!text.includes('://')) return text;
  return text
    .replace(USERINFO, '$1***@')
    .replace(REDIS_USERINFO, '$1***@')
    .replace(QUERY, '$1?***');
}
