/** A token goes into a header as it is; 12 KiB leave room for the other headers of a request. */
const TOKEN_LENGTH = 12 * 1024;
const TOKEN_CHARACTERS = /^[\x21-\x7e]+$/;

/** Whether it can be sent as a bearer token. */
export function isTokenText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= TOKEN_LENGTH && TOKEN_CHARACTERS.test(value);
}
