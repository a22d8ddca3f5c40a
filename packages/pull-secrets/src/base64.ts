const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGITS = /^[A-Za-z0-9+/]*={0,2}$/;
/** Base64 digits, and the bytes that they stand for. */
const GROUP = { digits: 4, bytes: 3 };

/*
 * This package knows nothing of Node or browsers, whose functions these would be.
 */

/** Whether a text is base64 with its padding. Source: RFC 4648 §4. */
export function isBase64(text: string): boolean {
  return text.length % GROUP.digits === 0 && DIGITS.test(text);
}

/** Bytes that a base64 text stands for. */
export function base64Bytes(text: string): number {
  const padding = text.length - text.replace(/=+$/, '').length;
  return (text.length / GROUP.digits) * GROUP.bytes - padding;
}

/** A text as UTF-8 in base64; half of a surrogate pair becomes U+FFFD. */
export function encodeBase64(text: string): string {
  const bytes = utf8Bytes(text);
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += GROUP.bytes) {
    groups.push(encodeGroup(bytes.slice(at, at + GROUP.bytes)));
  }
  return groups.join('');
}

/** The UTF-8 text behind base64; undefined when it is none. */
export function decodeBase64(text: string): string | undefined {
  if (!isBase64(text)) return undefined;
  const escaped: string[] = [];
  for (let at = 0; at < text.length; at += GROUP.digits) {
    escaped.push(...decodeGroup(text.slice(at, at + GROUP.digits)).map(escapeByte));
  }
  try {
    return decodeURIComponent(escaped.join(''));
  } catch {
    // URIError: the bytes are not UTF-8.
    return undefined;
  }
}

function utf8Bytes(text: string): readonly number[] {
  const escaped = encodeURIComponent(text.toWellFormed());
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at += 1) {
    if (escaped.charAt(at) === '%') {
      bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      bytes.push(escaped.charCodeAt(at));
    }
  }
  return bytes;
}

function encodeGroup([first = 0, second, third]: readonly number[]): string {
  const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
  const digits = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((bits >> shift) & 63)).join('');
  if (second === undefined) return `${digits.slice(0, 2)}==`;
  return third === undefined ? `${digits.slice(0, 3)}=` : digits;
}

function decodeGroup(group: string): readonly number[] {
  const digits = group.replace(/=+$/, '');
  const values = Array.from(digits.padEnd(GROUP.digits, 'A'), (digit) => ALPHABET.indexOf(digit));
  const bits = values.reduce((sum, value) => (sum << 6) | value, 0);
  return [bits >> 16, (bits >> 8) & 255, bits & 255].slice(0, digits.length - 1);
}

function escapeByte(byte: number): string {
  return `%${byte.toString(16).padStart(2, '0')}`;
}
